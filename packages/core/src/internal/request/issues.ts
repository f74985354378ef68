import * as Predicate from "effect/Predicate"
import { Validation } from "../../AvaraError.js"
import type { Issue } from "../../Issue.js"
import { noOptions, optionIssues } from "../settings/callOptions.js"
import { isNames } from "../settings/checks.js"
import type { CallOptions } from "../settings/clientOptions.js"
import { queryIssues } from "../settings/names.js"
import type { ResolvedOptions } from "../settings/options.js"
import type { AnyOperation } from "./operation.js"
import { pathIssues } from "./path.js"

/** Creates the error of a call that is not sent. @internal */
export const notSent = (operation: string, issues: ReadonlyArray<Issue>): Validation =>
  new Validation({ operation, attempts: 0, source: "client", issues })

const takesBody = ({ body, method }: AnyOperation): boolean =>
  body === undefined ? method !== "GET" && method !== "DELETE" : isNames(body)

const nameIssue = (operation: AnyOperation, name: string, value: unknown): string | undefined => {
  if (name === "__proto__") return "is not allowed as a name"
  // JSON omits functions, and one named `toJSON` would replace the whole body.
  if (typeof value === "function") return "expected a value that JSON can hold"
  const own = isNames(operation.body) ? operation.body : {}
  return Object.hasOwn(own, name) && own[name] !== undefined
    ? "is set by the call itself: pass it to the call instead"
    : undefined
}

const bodyIssues = (operation: AnyOperation, body: unknown): ReadonlyArray<Issue> => {
  if (body === undefined) return []
  if (!isNames(body)) return [{ path: ["body"], message: "expected an object of names and values" }]
  if (!takesBody(operation)) {
    return [{ path: ["body"], message: "the request has no JSON object to extend: use query, or leave out body" }]
  }
  return Object.entries(body).flatMap(([name, value]) => {
    const message = nameIssue(operation, name, value)
    return message === undefined ? [] : [{ path: ["body", name], message }]
  })
}

/** Returns the issues that prevent a call from being sent. @internal */
export const callIssues = (
  client: ResolvedOptions,
  operation: AnyOperation,
  options: CallOptions
): ReadonlyArray<Issue> => [
  ...pathIssues(operation.path),
  ...queryIssues(operation.query ?? {}, Predicate.isNullable),
  ...(options === noOptions ? [] : [...optionIssues(client, options), ...bodyIssues(operation, options.body)])
]
