import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import * as Issue from "../../Issue.js"
import { type Decode, decodeWith } from "./decoder.js"

/** Returns the replacement for a value without its documented shape, or none to read the field as absent. */
type StandIn = (value: unknown) => Option.Option<unknown>

const absent: StandIn = Option.none

const textEntries: StandIn = (value) =>
  Predicate.isReadonlyRecord(value)
    ? Option.some(Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === "string")))
    : Option.none()

/** The fields on which nobody's safety depends. */
const standIns: ReadonlyMap<Issue.Issue["path"][number] | undefined, StandIn> = new Map([
  ["createdAt", absent],
  ["updatedAt", absent],
  ["createdByApiKeyId", absent],
  ["createdByUserId", absent],
  ["message", absent],
  ["metadata", textEntries],
  // Any other number would look like a count.
  ["userCount", () => Option.some(Number.NaN)]
])

/** A field with its replacement, in the response itself or in the customer at this index of a page. */
interface Drift {
  readonly index: number | undefined
  readonly name: string
  readonly standIn: StandIn
}

const driftOf = ({ path: [first, second, third] }: Issue.Issue): Option.Option<Drift> => {
  const isInPage = first === "expressCustomers" && typeof second === "number"
  const name = isInPage ? third : first
  return Option.map(Option.fromNullable(standIns.get(name)), (standIn) => ({
    index: isInPage ? second : undefined,
    name: String(name),
    standIn
  }))
}

/** Returns the path without the index, so that a list of any length has only one. */
const pathOf = ({ index, name }: Drift): string => (index === undefined ? name : `expressCustomers[].${name}`)

type Drifts = ReadonlyMap<string, Drift>

const driftsByIndex = (issues: ReadonlyArray<Issue.Issue>): ReadonlyMap<number | undefined, Drifts> => {
  const byIndex = new Map<number | undefined, Map<string, Drift>>()
  for (const drift of issues.flatMap((issue) => Option.toArray(driftOf(issue)))) {
    byIndex.set(drift.index, (byIndex.get(drift.index) ?? new Map()).set(drift.name, drift))
  }
  return byIndex
}

const replaced = (value: unknown, drifts: Drifts | undefined): unknown => {
  if (drifts === undefined || !Predicate.isReadonlyRecord(value)) return value
  const sound = Object.entries(value).filter(([name]) => !drifts.has(name))
  const standing = Array.from(drifts.values()).flatMap(({ name, standIn }) =>
    Option.toArray(Option.map(standIn(value[name]), (instead) => [name, instead] as const))
  )
  return Object.fromEntries([...sound, ...standing])
}

const withoutDrift = (json: unknown, byIndex: ReadonlyMap<number | undefined, Drifts>): unknown => {
  const response = replaced(json, byIndex.get(undefined))
  if (!Predicate.isReadonlyRecord(response) || !Array.isArray(response["expressCustomers"])) return response
  return {
    ...response,
    expressCustomers: response["expressCustomers"].map((customer, index) => replaced(customer, byIndex.get(index)))
  }
}

/**
 * Decodes a response of the API. With `onDrift`, an invalid value in a field on which nobody's safety depends is read as absent.
 *
 * @internal
 */
export const decodeResponse = <A, I>(schema: Schema.Schema<A, I>): Decode<A> => {
  const decode = decodeWith(schema)
  return (json, onDrift) => {
    const strict = decode(json)
    if (onDrift === undefined || Either.isRight(strict)) return strict
    const byIndex = driftsByIndex(Issue.fromParseError(strict.left))
    for (const drifts of byIndex.values()) for (const drift of drifts.values()) onDrift(pathOf(drift))
    return decode(withoutDrift(json, byIndex))
  }
}
