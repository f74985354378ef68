import * as FileSystem from "@effect/platform/FileSystem"
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Checkpoint from "../Checkpoint.js"
import { CheckpointRefused, type Locked, type StorageFailed, Unfinished } from "../ExportError.js"
import * as Manifest from "../Manifest.js"
import { assertPlain, attempt } from "./files.js"
import * as folder from "./folder.js"
import * as lock from "./lock.js"
import { inPieces } from "./row.js"
import type { Encoding, FormatOptions, Platform } from "./rowFormat.js"
import { beginning, manifestOf, type Page, type Row, type Session, type Start } from "./session.js"
import * as storage from "./storage.js"
import { access, assertFree } from "./target.js"

/** The format for a finished list of rows. @internal */
export interface FileFormat {
  readonly name: string
  readonly encoding: Encoding
  readonly options: FormatOptions
}

interface Paths extends folder.Paths {
  /** The finished file before it is renamed. */
  readonly result: string
}

const pathsOf = (file: string, { encoding: { convert } }: FileFormat): Paths => {
  const paths = folder.pathsOf(file)
  return { ...paths, result: convert === undefined ? paths.rows : paths.converted }
}

/** The maximum number of pages, and the maximum time, between two checkpoints: a crash costs reading these pages again. */
const pagesBetween = 50
const nanosBetween = 1_000_000_000n

const refused = (file: string) => new CheckpointRefused({ path: Checkpoint.pathOf(file), reason: "rows" })

const nothing: storage.Digest = { bytes: 0, sha256: storage.hashText("") }

/** A file that only grows, with the checksum of its content. */
interface Log {
  readonly append: (text: string) => Effect.Effect<void, StorageFailed>
  readonly sync: Effect.Effect<void, StorageFailed>
  /** Truncates the file to `bytes`; nothing is appended after that. */
  readonly truncate: (bytes: number) => Effect.Effect<void, StorageFailed>
  readonly digest: () => storage.Digest
}

/** Refuses a link, so that no file in the directory is read or written through one. */
const plain = (path: string) => attempt(path, () => assertPlain(path))

const openLog = (path: string, from: { readonly bytes: number; readonly hash: ReturnType<typeof storage.newHash> }) =>
  Effect.gen(function* () {
    const { hash } = from
    yield* plain(path)
    const file = yield* storage.open(path, from.bytes === 0 ? "w" : "r+")
    const named = Effect.mapError(storage.storageFailed(path))
    if (from.bytes > 0) yield* Effect.zipRight(named(file.truncate(from.bytes)), file.seek(from.bytes, "start"))
    const encoder = new TextEncoder()
    let bytes = from.bytes
    const log: Log = {
      append: (text) =>
        Effect.suspend(() => {
          if (text === "") return Effect.void
          const encoded = encoder.encode(text)
          return Effect.tap(named(file.writeAll(encoded)), () => {
            hash.update(encoded)
            bytes += encoded.length
          })
        }),
      sync: named(file.sync),
      truncate: (bytes) => named(file.truncate(bytes)),
      digest: () => ({ bytes, sha256: storage.digestSoFar(hash) })
    }
    return log
  })

/** Reads a log back, up to the size that its checkpoint states. */
const readLog = <E>(
  file: string,
  path: string,
  { bytes, sha256 }: storage.Digest,
  use: (lines: ReadonlyArray<string>) => Effect.Effect<void, E>
): Effect.Effect<
  { bytes: number; hash: ReturnType<typeof storage.newHash> },
  StorageFailed | CheckpointRefused | E,
  Platform
> =>
  Effect.gen(function* () {
    const hash = storage.newHash()
    if (bytes === 0) return { bytes, hash }
    yield* plain(path)
    const size = yield* storage.sizeOf(path)
    if (Option.getOrElse(size, () => 0) < bytes) return yield* refused(file)
    yield* storage.eachLines(path, bytes, use, (block) => hash.update(block))
    return storage.digestSoFar(hash) === sha256 ? { bytes, hash } : yield* refused(file)
  })

/** Ids in a few large texts, because a million small texts take twice the memory. */
class Ids implements Iterable<string> {
  private readonly texts: Array<string> = []
  add(ids: ReadonlyArray<string>): void {
    this.texts.push(ids.join("\n"))
  }
  *[Symbol.iterator](): Iterator<string> {
    for (const text of this.texts) yield* text.split("\n")
  }
}

const idIn = (line: string): string => {
  const row: { readonly expressCustomerId: string } = JSON.parse(line)
  return row.expressCustomerId
}

const restore = (paths: Paths, checkpoint: Checkpoint.Checkpoint) =>
  Effect.gen(function* () {
    const ids = new Ids()
    const parse = (lines: ReadonlyArray<string>) =>
      Effect.try({ try: () => ids.add(lines.map(idIn)), catch: () => refused(paths.file) })
    const rows = yield* readLog(paths.file, paths.rows, checkpoint.rows ?? nothing, parse)
    const skipped = yield* readLog(paths.file, paths.skipped, checkpoint.skipped ?? nothing, (lines) =>
      Effect.sync(() => ids.add(lines))
    )
    return { position: checkpoint.position, ids, rows, skipped }
  })

const fresh = Effect.map(beginning, (position) => ({
  position,
  ids: new Ids(),
  rows: { bytes: 0, hash: storage.newHash() },
  skipped: { bytes: 0, hash: storage.newHash() }
}))

/** Removes the files of an unfinished export: the checkpoint first, because the others mean nothing without it. */
const discard = (paths: Paths, checkpoints: Checkpoint.CheckpointsService) =>
  Effect.gen(function* () {
    yield* checkpoints.remove(paths.file)
    for (const path of [paths.rows, paths.skipped, paths.converted]) yield* storage.remove(path)
  })

const readCheckpoint = (paths: Paths, checkpoints: Checkpoint.CheckpointsService, start: Start) =>
  Effect.zipRight(plain(paths.checkpoint), checkpoints.read(paths.file)).pipe(
    Effect.catchTag("CheckpointRefused", (error) =>
      Effect.fail(start.resume ? error : new Unfinished({ destination: paths.file }))
    )
  )

/** Finds the checkpoint to resume from, if there is one. */
const findCheckpoint = (paths: Paths, checkpoints: Checkpoint.CheckpointsService, start: Start) =>
  Effect.gen(function* () {
    if (start.discard) return yield* Effect.as(discard(paths, checkpoints), Option.none())
    const found = yield* readCheckpoint(paths, checkpoints, start)
    if (Option.isNone(found)) return found
    const { fingerprint, position } = found.value
    if (!start.resume) return yield* new Unfinished({ destination: paths.file, rows: position.rows })
    yield* Checkpoint.assertSame(paths.checkpoint, fingerprint, start.fingerprint)
    return found
  })

const checkpointService = Effect.flatMap(
  Effect.serviceOption(Checkpoint.Checkpoints),
  Option.match({ onNone: () => Checkpoint.makeFile, onSome: Effect.succeed })
)

/** Gives the new file the mode of the file that it replaces, and its owner if this user may; otherwise only this user can read the file. */
const keepAccess = (paths: Paths) =>
  Effect.gen(function* () {
    const before = yield* attempt(paths.file, () => access(paths.file))
    const now = yield* attempt(paths.result, () => access(paths.result))
    if (before === undefined || now === undefined) return
    const fs = yield* FileSystem.FileSystem
    const isOwn = before.uid === now.uid && before.gid === now.gid
    if (!isOwn) yield* Effect.ignore(fs.chown(paths.result, before.uid, before.gid))
    yield* storage.setMode(paths.result, before.mode)
  })

/** Renames the result to its final name: after that, a crash changes nothing. */
const publish = ({ checkpoints, lock, paths }: Environment, manifest: Manifest.Manifest, result: storage.Digest) =>
  Effect.gen(function* () {
    yield* assertFree(paths.file)
    yield* lock.check
    if (yield* storage.isThere(paths.result)) {
      yield* keepAccess(paths)
      yield* storage.rename(paths.result, paths.file)
    }
    const whole = { ...manifest, ...result }
    const mode = yield* attempt(paths.file, () => access(paths.file)?.mode)
    yield* storage.replaceText(Manifest.pathOf(paths.file), Manifest.toText(whole), paths.newManifest, mode)
    yield* checkpoints.remove(paths.file)
    return whole
  })

/** Checks that the result of a run that stopped before its cleanup is there, under its temporary or its final name. */
const assertResult = (paths: Paths, { bytes, sha256 }: storage.Digest) =>
  Effect.gen(function* () {
    const path = (yield* storage.isThere(paths.result)) ? paths.result : paths.file
    const digest = (yield* storage.isThere(path)) ? yield* storage.digestOf(path) : nothing
    if (digest.bytes !== bytes || digest.sha256 !== sha256) return yield* refused(paths.file)
  })

const produce = (paths: Paths, { encoding: { convert }, options }: FileFormat, bytes: number) =>
  Effect.gen(function* () {
    if (convert !== undefined) {
      const converted = convert({ path: paths.rows, bytes }, paths.result, options)
      yield* Effect.tapError(converted, () => Effect.ignore(storage.remove(paths.result)))
    }
    return yield* storage.digestOf(paths.result)
  })

interface Environment {
  readonly paths: Paths
  readonly lock: lock.Lock
  /** Sets whether there is something to resume when the run ends. */
  readonly keep: (isUnfinished: boolean) => void
  readonly format: FileFormat
  readonly start: Start
  readonly checkpoints: Checkpoint.CheckpointsService
  readonly context: Context.Context<Platform>
}

/** Puts the finished file in its place; after that, nothing is left to resume. */
const finishWith = (env: Environment, position: Checkpoint.Position, result: storage.Digest) =>
  Effect.uninterruptible(publish(env, manifestOf(env.format.name, position, env.start.filter), result)).pipe(
    Effect.tap(() => env.keep(false)),
    Effect.provide(env.context)
  )

const finishedSession = (env: Environment, position: Checkpoint.Position, result: storage.Digest): Session => ({
  position,
  seen: [],
  append: () => Effect.void,
  save: Effect.void,
  finish: finishWith(env, position, result)
})

type Begun = Effect.Effect.Success<typeof fresh>

/** How far complete pages are written, without a page that a full disk cut off. */
type Written = Pick<Checkpoint.Checkpoint, "position" | "skipped"> & { readonly rows: storage.Digest }

/** Writes pages and, from time to time, a checkpoint after them. */
const makeWriter = (env: Environment, begun: Begun, rows: Log, skipped: Option.Option<Log>) =>
  Effect.gen(function* () {
    const here = (position: Checkpoint.Position): Written => ({
      position,
      rows: rows.digest(),
      ...Option.match(skipped, { onNone: () => ({}), onSome: (log) => ({ skipped: log.digest() }) })
    })
    let written = here(begun.position)
    let before = written
    let saved = written
    let savedAt = yield* Clock.currentTimeNanos

    const write = (result?: storage.Digest) =>
      Effect.gen(function* () {
        yield* env.lock.check
        yield* rows.sync
        if (Option.isSome(skipped)) yield* skipped.value.sync
        const checkpoint = { fingerprint: env.start.fingerprint, ...written }
        yield* env.checkpoints.write(env.paths.file, result === undefined ? checkpoint : { ...checkpoint, result })
        saved = written
        savedAt = yield* Clock.currentTimeNanos
      })

    const store = Effect.suspend(() => (written === saved ? Effect.void : write()))

    // After the lock is lost, the files belong to another run.
    const truncate = Effect.zipRight(
      env.lock.check,
      Effect.suspend(() =>
        Effect.zipRight(
          Effect.ignore(rows.truncate(written.rows.bytes)),
          Effect.ignore(Effect.flatMap(skipped, (log) => log.truncate(written.skipped?.bytes ?? 0)))
        )
      )
    )

    // On a full disk, dropping the last page makes room for the checkpoint.
    const stepBack = Effect.suspend(() => {
      written = before
      return Effect.ignore(Effect.zipRight(truncate, store))
    })

    const save = Effect.tapError(store, () => stepBack)

    const isDue = Effect.map(
      Clock.currentTimeNanos,
      (now) => written.position.pages - saved.position.pages >= pagesBetween || now - savedAt >= nanosBetween
    )

    const put = (page: Page) =>
      Effect.gen(function* () {
        yield* env.lock.check
        const toLine = ({ received }: Row) => `${JSON.stringify(received)}\n`
        for (const lines of inPieces(page.rows, toLine, (line) => line.length)) yield* rows.append(lines.join(""))
        if (Option.isSome(skipped)) yield* skipped.value.append(page.skipped.map((id) => `${id}\n`).join(""))
      })

    const append = (page: Page) =>
      Effect.gen(function* () {
        yield* Effect.tapError(put(page), () => Effect.ignore(Effect.zipRight(truncate, save)))
        before = written
        written = here(page.position)
        env.keep(true)
        if (yield* isDue) yield* save
      })

    return { append, save, write, written: () => written }
  })

const listingSession = (env: Environment, begun: Begun) =>
  Effect.gen(function* () {
    const { context, format, paths, start } = env
    const files = yield* Scope.fork(yield* Effect.scope, ExecutionStrategy.sequential)
    const open = (path: string, from: Begun["rows"]) => Scope.extend(openLog(path, from), files)
    const rows = yield* open(paths.rows, begun.rows)
    const skipped = start.filter === undefined ? Option.none() : Option.some(yield* open(paths.skipped, begun.skipped))
    const writer = yield* makeWriter(env, begun, rows, skipped)

    const finish = Effect.gen(function* () {
      yield* env.lock.check
      yield* writer.save
      const result = yield* produce(paths, format, rows.digest().bytes)
      yield* writer.write(result)
      yield* Scope.close(files, Exit.void)
      return yield* finishWith(env, writer.written().position, result)
    })

    const session: Session = {
      position: begun.position,
      seen: begun.ids,
      append: writer.append,
      save: writer.save,
      finish: Effect.provide(finish, context)
    }
    return session
  })

/** The maximum number of times that the directory is created again because a run that ends has removed it. */
const maxEntries = 10

/** Holds the directory of unfinished files. When the scope closes, removes its content unless there is something to resume. */
const occupy = (paths: Paths) =>
  Effect.gen(function* () {
    yield* folder.enter(paths)
    yield* Effect.addFinalizer(() => folder.leave(paths))
    const held = yield* Effect.zipRight(folder.enter(paths), lock.acquire(paths.lock)).pipe(
      Effect.retry({
        times: maxEntries,
        while: (error) => error._tag === "StorageFailed" && error.path === paths.lock && error.reason === "missing"
      })
    )
    let isUnfinished = true
    const clear = Effect.zipRight(
      held.check,
      Effect.suspend(() => (isUnfinished ? Effect.void : folder.clear(paths)))
    )
    yield* Effect.addFinalizer(() => Effect.ignore(clear))
    yield* folder.mark(paths)
    yield* storage.syncDirectoryOf(paths.folder)
    const keep = (next: boolean): void => {
      isUnfinished = next
    }
    return { held, keep }
  })

const openSession = (file: string, format: FileFormat, start: Start) =>
  Effect.gen(function* () {
    const paths = pathsOf(file, format)
    const context = yield* Effect.context<Platform>()
    const checkpoints = yield* checkpointService
    yield* assertFree(file)
    const { held, keep } = yield* occupy(paths)
    const env: Environment = { paths, lock: held, keep, format, start, checkpoints, context }
    const found = yield* findCheckpoint(paths, checkpoints, start)
    if (Option.isNone(found)) {
      keep(false)
      return yield* listingSession(env, yield* fresh)
    }
    const { position, result } = found.value
    if (result === undefined) return yield* listingSession(env, yield* restore(paths, found.value))
    yield* assertResult(paths, result)
    return finishedSession(env, position, result)
  })

/** Runs an export into a file. Its rows are staged next to the file until the list is complete. @internal */
export const withSession =
  (file: string, format: FileFormat) =>
  <A, E, R>(
    start: Start,
    use: (session: Session) => Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | StorageFailed | CheckpointRefused | Unfinished | Locked, R | Platform> =>
    Effect.flatMap(Effect.context<R>(), (context) =>
      Effect.scoped(
        Effect.flatMap(openSession(file, format, start), (session) => Effect.provide(use(session), context))
      )
    )
