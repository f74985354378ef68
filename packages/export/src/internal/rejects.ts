import type * as FileSystem from "@effect/platform/FileSystem"
import type { Issue } from "@effect-avara/core/Issue"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import { JournalRefused, type StorageFailed } from "../ExportError.js"
import * as noFollow from "./noFollow.js"
import * as storage from "./storage.js"

/** The shape of every line that this library writes. It identifies the file of an earlier run. */
const Line = Schema.parseJson(
  Schema.Struct({ line: Schema.Int, issues: Schema.NonEmptyArray(Schema.Object), row: Schema.Unknown })
)

const decodeLine = Schema.decodeEither(Line, { onExcessProperty: "error" })

const opening = '{"line":'

/** Fails if the rejects file exists, but no earlier run wrote it. @internal */
export const checkOwn = (path: string): Effect.Effect<void, JournalRefused | StorageFailed> =>
  Effect.gen(function* () {
    const refuse = (reason: JournalRefused["reason"]) => new JournalRefused({ path, reason })
    const existing = yield* Effect.mapError(noFollow.openExisting(path), (error) =>
      error === "special" ? refuse("special") : error
    )
    if (Option.isNone(existing)) return
    const { rest, stopped } = yield* noFollow.readLines(path, existing.value, (line) =>
      Either.isRight(decodeLine(line)) ? Option.none() : Option.some(refuse("notOurs"))
    )
    if (Option.isSome(stopped)) return yield* stopped.value
    // A crash may have cut off the last line.
    if (!rest.startsWith(opening) && !opening.startsWith(rest)) return yield* refuse("notOurs")
  }).pipe(Effect.scoped)

/** Writes a rejected row and the reasons. @internal */
export type Reject = (line: number, issues: ReadonlyArray<Issue>, row: unknown) => Effect.Effect<void, StorageFailed>

/** Removes the rejects of an earlier run, which `checkOwn` has recognized. The file is created with the first rejected row. @internal */
export const open = (path: string): Effect.Effect<Reject, StorageFailed, FileSystem.FileSystem | Scope.Scope> =>
  Effect.gen(function* () {
    yield* storage.remove(path)
    const scope = yield* Effect.scope
    const file = yield* Effect.cached(Effect.provideService(noFollow.create(path), Scope.Scope, scope))
    return (line, issues, row) =>
      Effect.flatMap(file, (file) => noFollow.append(path, file, `${JSON.stringify({ line, issues, row })}\n`))
  })
