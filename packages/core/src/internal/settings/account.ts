import * as Redacted from "effect/Redacted"
import { makeRetryBudget, type RetryBudget } from "./budget.js"
import type { CallOptions } from "./clientOptions.js"
import { memoizeRecent } from "./memoize.js"
import type { ResolvedOptions } from "./options.js"

/** The target of a call, its API key, and its retry budget. @internal */
export interface Account {
  readonly apiKey: string
  readonly origin: string
  /** The path of the base URL, without a final slash. */
  readonly basePath: string
  readonly budget: RetryBudget
}

/** A process with more accounts starts a new budget for an account that it has not used recently. */
const maxAccounts = 1000

/** Creates a lookup for the account of a call with valid options: the client's, unless the call has another key or base URL. @internal */
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
    // The client's own key may have been wiped in the meantime.
    const key = apiKey === undefined ? own.apiKey : Redacted.value(apiKey)
    const { href } = baseUrl === undefined ? client.baseUrl : new URL(baseUrl)
    return key === own.apiKey && href === client.baseUrl.href ? own : other(`${key} ${href}`)
  }
}
