import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { JournalRefused, type Locked, type StorageFailed } from "../ExportError.js"
import * as noFollow from "./noFollow.js"
import { exactOptional } from "./schema.js"
import * as storage from "./storage.js"

const version = 1

const Header = Schema.parseJson(
  Schema.Struct({
    journal: Schema.Literal("avara"),
    version: Schema.Int,
    operation: Schema.String,
    /** The SHA-256 of the file of rows. */
    file: Schema.String
  })
)

const Entry = Schema.parseJson(
  Schema.Struct({
    line: Schema.Int,
    /** `started` is written right before the row is sent, `done` and `rejected` after the response. */
    state: Schema.Literal("started", "done", "rejected"),
    key: exactOptional(Schema.String),
    id: exactOptional(Schema.String)
  })
)

/** @internal */
export type Entry = typeof Entry.Type

const encodeHeader = Schema.encodeSync(Header)
const encodeEntry = Schema.encodeSync(Entry)
const decodeHeader = Schema.decodeEither(Header)
const decodeEntry = Schema.decodeEither(Entry)

/** The record of what was done, line by line, so that nothing is done twice. @internal */
export interface Journal {
  readonly isDone: (line: number) => boolean
  /** The keys, by line, of the rows that an earlier run may have sent and whose outcome is unknown. */
  readonly open: ReadonlyMap<number, string>
  /** Records durably that a row is about to be sent. */
  readonly start: (line: number, key: string) => Effect.Effect<void, StorageFailed | Locked>
  /** Records the outcomes of rows; they are durable after the next `start` or `sync`. */
  readonly append: (entries: ReadonlyArray<Entry>) => Effect.Effect<void, StorageFailed | Locked>
  readonly sync: Effect.Effect<void, StorageFailed>
}

/** The journal of a run that sends nothing. @internal */
export const none: Journal = {
  isDone: () => false,
  open: new Map(),
  start: () => Effect.void,
  append: () => Effect.void,
  sync: Effect.void
}

/** The run that a journal belongs to. @internal */
export interface About {
  readonly operation: string
  /** The SHA-256 of the file of rows. */
  readonly file: string
  readonly resume: boolean
  /** Fails as soon as another run has taken over the lock. */
  readonly check: Effect.Effect<void, Locked>
}

interface State {
  readonly done: Set<number>
  readonly open: Map<number, string>
}

const apply = ({ done, open }: State, { key = "", line, state }: Entry): void => {
  if (state === "started") open.set(line, key)
  else open.delete(line)
  if (state === "done") done.add(line)
}

interface Found extends State {
  /** The size of the part to keep: the complete lines, or nothing. */
  readonly bytes: number
}

const nothing = (): Found => ({ done: new Set(), open: new Map(), bytes: 0 })

/** The start of every header; a torn header has only a part of it. */
const opening = '{"journal":"avara",'

const isTornHeader = (text: string): boolean => opening.startsWith(text) || text.startsWith(opening)

const refusing =
  (path: string) =>
  (reason: JournalRefused["reason"], detail?: string): JournalRefused =>
    new JournalRefused({ path, reason, ...(detail === undefined ? {} : { detail }) })

/** Returns why the header of a journal does not allow this run, if it does not. */
const objectionTo = (
  header: typeof Header.Type,
  { file, operation }: About,
  refuse: ReturnType<typeof refusing>
): Option.Option<JournalRefused> => {
  if (header.version !== version) return Option.some(refuse("version"))
  if (header.operation !== operation) return Option.some(refuse("operation", header.operation))
  return header.file === file ? Option.none() : Option.some(refuse("changed"))
}

/** Reads a journal. An objection to its header does not matter if no row was sent. A last line that a crash cut off is ignored. */
const read = (path: string, journal: noFollow.File, about: About) =>
  Effect.gen(function* () {
    const refuse = refusing(path)
    const state = nothing()
    const seen = { bytes: 0, objection: Option.none<JournalRefused>() }
    const readHeader = (line: string) =>
      Either.match(decodeHeader(line), {
        onLeft: () => Option.some(refuse(line.startsWith(opening) ? "damaged" : "notOurs")),
        onRight: (header) => {
          seen.objection = objectionTo(header, about, refuse)
          return Option.none()
        }
      })
    const readEntry = (line: string) =>
      Either.match(decodeEntry(line), {
        onLeft: () => Option.orElse(seen.objection, () => Option.some(refuse("damaged"))),
        onRight: (entry) => {
          apply(state, entry)
          return Option.none()
        }
      })
    const { rest, stopped } = yield* noFollow.readLines(path, journal, (line, end) => {
      const isFirst = seen.bytes === 0
      seen.bytes = end
      return isFirst ? readHeader(line) : readEntry(line)
    })
    if (Option.isSome(stopped)) return yield* stopped.value
    const { bytes, objection } = seen
    if (bytes === 0 && !isTornHeader(rest)) return yield* refuse("notOurs")
    const isUsed = state.done.size + state.open.size > 0
    if (!isUsed) return Option.isSome(objection) ? nothing() : { ...state, bytes }
    if (Option.isSome(objection)) return yield* objection.value
    if (!about.resume) return yield* refuse("exists")
    return { ...state, bytes }
  })

/** Opens or creates the file of a journal, and truncates it to its valid part. */
const openFile = (path: string, about: About) =>
  Effect.gen(function* () {
    const existing = yield* Effect.mapError(noFollow.openExisting(path), (error) =>
      error === "special" ? refusing(path)("special") : error
    )
    const file = Option.isSome(existing) ? existing.value : yield* noFollow.create(path)
    const found = Option.isSome(existing) ? yield* read(path, file, about) : nothing()
    yield* about.check
    yield* noFollow.attempt(path, () => file.truncate(found.bytes))
    return { file, found }
  })

/** Appends lines. After a write has failed, no other write follows, so that only the last line can be torn. */
const makeWriter = (path: string, file: noFollow.File, check: Effect.Effect<void, Locked>) => {
  let broken: StorageFailed | undefined
  const put = (lines: ReadonlyArray<string>) =>
    Effect.suspend(() =>
      broken === undefined
        ? noFollow.append(path, file, lines.map((line) => `${line}\n`).join(""))
        : Effect.fail(broken)
    ).pipe(
      Effect.tapError((error) =>
        Effect.sync(() => {
          broken = error
        })
      )
    )
  return (lines: ReadonlyArray<string>) => Effect.uninterruptible(Effect.zipRight(check, put(lines)))
}

/** Runs one fsync for all fibers that wait when it starts. */
const makeSync = (path: string, file: noFollow.File) =>
  Effect.map(Effect.makeSemaphore(1), (turn) => {
    let asked = 0
    let synced = 0
    const sync = Effect.suspend(() => {
      const upTo = asked
      return Effect.map(
        noFollow.attempt(path, () => file.sync()),
        () => {
          synced = upTo
        }
      )
    })
    return Effect.suspend(() => {
      asked += 1
      const own = asked
      return turn.withPermits(1)(Effect.uninterruptible(Effect.suspend(() => (synced >= own ? Effect.void : sync))))
    })
  })

/** Opens the journal of a file of rows until the scope closes. @internal */
export const open = (
  path: string,
  about: About
): Effect.Effect<Journal, JournalRefused | StorageFailed | Locked, FileSystem.FileSystem | Path.Path | Scope.Scope> =>
  Effect.gen(function* () {
    const { file, found } = yield* openFile(path, about)
    const write = makeWriter(path, file, about.check)
    const sync = yield* makeSync(path, file)
    const append = (entries: ReadonlyArray<Entry>) =>
      entries.length === 0 ? Effect.void : write(entries.map((entry) => encodeEntry(entry)))
    if (found.bytes === 0) {
      yield* write([encodeHeader({ journal: "avara", version, operation: about.operation, file: about.file })])
      yield* Effect.zipRight(sync, storage.syncDirectoryOf(path))
    }
    return {
      isDone: (line) => found.done.has(line),
      open: found.open,
      start: (line, key) => Effect.zipRight(append([{ line, state: "started", key }]), sync),
      append,
      sync
    }
  })
