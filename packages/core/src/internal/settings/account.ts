import * as Redacted from "effect/Redacted"
import { makeRetryBudget, type RetryBudget } from "./budget.js"
import type { CallOptions } from "./clientOptions.js"
import { memoizeRecent } from "./memoize.js"
import type { ResolvedOptions } from "./options.js"

/** Where a call goes, what it authenticates with, and what it pays its retries from. @internal */
export interface Account {
  readonly apiKey: string
  readonly origin: string
  /** Without a slash at its end. */
  readonly basePath: string
  readonly budget: RetryBudget
}

/** A process that serves more accounts than this begins a new budget for one that it has not used for a while. */
const maxAccounts = 1000

/** Finds the account of a call whose options are valid: that of the client, unless the call names another key or base URL. @internal */
export const makeAccounts = (client: ResolvedOptions): ((options: CallOptions) => Account) => {
  const make = (apiKey: string, url: URL): Account => ({
    apiKey,
    origin: url.origin,
    basePath: url.pathname.replace(/\/+$/, ""),
    budget: makeRetryBudget(client.retryBudget)
  })
  const own = make(Redacted.value(client.apiKey), client.baseUrl)
  const other = memoizeRecent(maxAccounts, (key) => {
    const [apiKey = "", baseUrl = ""] = key.split(" ")
    return make(apiKey, new URL(baseUrl))
  })
  return ({ apiKey, baseUrl }) => {
    // The client's own key may have been wiped since.
    const key = apiKey === undefined ? own.apiKey : Redacted.value(apiKey)
    const { href } = baseUrl === undefined ? client.baseUrl : new URL(baseUrl)
    return key === own.apiKey && href === client.baseUrl.href ? own : other(`${key} ${href}`)
  }
}
