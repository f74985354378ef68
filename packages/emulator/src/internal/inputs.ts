import * as fs from "node:fs/promises"
import * as Issue from "@effect-avara/core/Issue"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Fault from "../Fault.js"
import * as State from "../State.js"

/** Everything that is wrong with an input, without the values. */
export class Refused extends Data.TaggedError("Refused")<{ readonly issues: ReadonlyArray<Issue.Issue> }> {}

const strict = { errors: "all", onExcessProperty: "error" } as const

const decoder = <A, I>(schema: Schema.Schema<A, I>) => {
  const decode = Schema.decodeUnknown(schema, strict)
  return (input: unknown): Effect.Effect<A, Refused> =>
    Effect.mapError(decode(input), (error) => new Refused({ issues: Issue.fromParseError(error) }))
}

const decodeOne = decoder(Fault.Fault)

const decodeAll = decoder(Fault.Faults)

const decodeWrapped = decoder(Schema.Struct({ faults: Fault.Faults }))

/** Decodes one fault, several, or `{ faults: [...] }`. */
export const decodeFaults = (input: unknown): Effect.Effect<ReadonlyArray<Fault.Fault>, Refused> => {
  if (Array.isArray(input)) return decodeAll(input)
  if (Predicate.hasProperty(input, "faults")) return Effect.map(decodeWrapped(input), ({ faults }) => faults)
  return Effect.map(decodeOne(input), (fault) => [fault])
}

export const decodeState = decoder(State.State)

export const decodeCustomers = decoder(State.GivenCustomers)

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "the file does not exist",
  EISDIR: "it is a directory; choose the path of a file",
  ENOTDIR: "a part of its path is a file",
  EACCES: "this user is not allowed to read it"
}

const reasonOf = (error: unknown): string =>
  (Predicate.hasProperty(error, "code") ? reasons[String(error.code)] : undefined) ?? "it cannot be read"

const refuse = (message: string) => new Refused({ issues: [{ path: [], message }] })

/** Reads the JSON of a file. */
export const readJson = (file: string): Effect.Effect<unknown, Refused> =>
  Effect.tryPromise({ try: () => fs.readFile(file, "utf8"), catch: (error) => refuse(reasonOf(error)) }).pipe(
    Effect.flatMap((text) =>
      Effect.try({
        try: (): unknown => JSON.parse(text.replace(/^\uFEFF/, "")),
        catch: () => refuse("expected well-formed JSON")
      })
    )
  )
