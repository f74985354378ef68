import type { LazyArg } from "effect/Function"
import * as Predicate from "effect/Predicate"
import type { Membership } from "../../AvaraError.js"
import type * as Issue from "../../Issue.js"
import type { Redactor } from "../secrets/redaction.js"
import { membershipIn } from "./membership.js"

/** The information in the body of a refusal. @internal */
export interface Detail {
  readonly message?: string
  readonly issues: ReadonlyArray<Issue.Issue>
  /** Whether a code or a message says that the customer is deactivated. */
  readonly saysInactive: boolean
  /** Whether a code or a message mentions a user or a membership. */
  readonly saysUser: boolean
  /** What a code or a message says about the membership, if it says nothing else. */
  readonly membership?: Membership
}

const maxRefusalIssues = 50

const maxSegments = 10

const looseJson = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const nonEmptyText = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined

/** Returns a body of plain words. Markup and truncated JSON are left out because they may hold values. */
const plainText = (body: string): string | undefined =>
  /^\s*[<{["]/.test(body) ? undefined : nonEmptyText(body.trim())

const property = (value: unknown, name: string): unknown =>
  Predicate.isReadonlyRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined

const firstText = (value: unknown, names: ReadonlyArray<string>): string | undefined =>
  names.map((name) => nonEmptyText(property(value, name))).find(Predicate.isNotUndefined)

const firstArray = (values: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  values.flatMap((value) => ["issues", "errors", "details"].map((name) => property(value, name))).find(Array.isArray) ??
  []

const issuePath = (value: unknown): ReadonlyArray<string | number> => {
  const path = property(value, "path") ?? property(value, "loc") ?? firstText(value, ["field", "param", "pointer"])
  const segments: ReadonlyArray<unknown> = Array.isArray(path) ? path : [path]
  return segments.slice(0, maxSegments).filter((segment) => typeof segment === "string" || typeof segment === "number")
}

/** Larger numbers in a path are not indexes. */
const maxIndex = 999

const isIndex = (segment: string | number): boolean =>
  Number.isInteger(segment) && Number(segment) >= 0 && Number(segment) <= maxIndex

const issueOf = (value: unknown): ReadonlyArray<Issue.Issue> => {
  const message = nonEmptyText(value) ?? firstText(value, ["message", "msg", "detail", "code"])
  return message === undefined ? [] : [{ path: issuePath(value), message }]
}

const redactedIssue =
  ({ words }: Redactor) =>
  ({ message, path }: Issue.Issue): Issue.Issue => ({
    path: path.map((segment) => (isIndex(segment) ? segment : words(String(segment)))),
    message: words(message)
  })

/** Reads a refusal leniently: the API documents no schema for it. The status determines the error, and the body only adds words. @internal */
export const detailOf = (body: string, redactor: LazyArg<Redactor>): Detail => {
  const json = looseJson(body)
  const error = property(json, "error")
  const message =
    (json === undefined ? plainText(body) : nonEmptyText(json)) ??
    firstText(error, ["message"]) ??
    firstText(json, ["message", "error", "detail", "title"])
  const issues = firstArray([error, json]).slice(0, maxRefusalIssues).flatMap(issueOf)
  const said = [
    message,
    firstText(error, ["code"]),
    firstText(json, ["code"]),
    ...issues.map((issue) => issue.message)
  ].filter(Predicate.isNotUndefined)
  const words = said.join(" ")
  const membership = said.map(membershipIn).find(Predicate.isNotUndefined)
  return {
    ...(message === undefined ? {} : { message: redactor().words(message) }),
    issues: issues.length === 0 ? [] : issues.map(redactedIssue(redactor())),
    saysInactive: /inactive|deactivated|not[\s_-]*active/i.test(words),
    saysUser: /user|member/i.test(words),
    ...(membership === undefined ? {} : { membership })
  }
}
