import { randomUUID } from "node:crypto"
import { hostname } from "node:os"
import { basename, dirname, join } from "node:path"
import type { PlatformError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { Locked, type StorageFailed } from "../ExportError.js"
import * as storage from "./storage.js"

const Owner = Schema.parseJson(Schema.Struct({ pid: Schema.Int, host: Schema.String, run: Schema.String }))

type Owner = typeof Owner.Type

const decodeOwner = Schema.decodeEither(Owner)

/** The runs of this process that hold a lock: after a restart, a container may give a new process the old one's number. */
const running = new Set<string>()

const isAlive = ({ host, pid, run }: Owner): boolean => {
  if (host !== hostname()) return true
  if (pid === process.pid) return running.has(run)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH")
  }
}

const held = (path: string, owner: Option.Option<Owner>) =>
  new Locked({
    path,
    ...Option.match(owner, {
      onNone: () => ({}),
      onSome: ({ host, pid }) => ({ owner: `process ${pid} on ${host}` })
    })
  })

const ownerIn = (text: string): Option.Option<Owner> => Either.getRight(decodeOwner(text))

const isTaken = (error: PlatformError): boolean => error._tag === "SystemError" && error.reason === "AlreadyExists"

/** `false` if somebody has the lock; a text that is there is complete, as it is linked and not written there. */
const tryTake = (path: string, own: Owner) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const draft = `${path}.${own.run}`
    const write = Effect.mapError(fs.writeFileString(draft, JSON.stringify(own)), storage.storageFailed(path))
    // Some file systems have no links.
    const create = fs.writeFileString(path, JSON.stringify(own), { flag: "wx" })
    const link = fs.link(draft, path).pipe(
      Effect.catchIf(
        (error) => !isTaken(error),
        () => create
      ),
      Effect.as(true),
      Effect.catchAll((error) =>
        isTaken(error) ? Effect.succeed(false) : Effect.fail(storage.storageFailed(path)(error))
      )
    )
    return yield* Effect.ensuring(Effect.zipRight(write, link), Effect.ignore(fs.remove(draft, { force: true })))
  })

/** Moves a dead owner's lock away; whoever moves a lock that is not the one it read puts it back. */
const removeStale = (path: string, stale: string, own: Owner) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const aside = `${path}.${own.run}.stale`
    const moved = yield* Effect.option(fs.rename(path, aside))
    if (Option.isNone(moved)) return
    const text = yield* Effect.option(fs.readFileString(aside))
    if (Option.isSome(text) && text.value !== stale) yield* Effect.ignore(fs.link(aside, path))
    yield* Effect.ignore(fs.remove(aside, { force: true }))
  })

/** Removes what processes left that were killed between a lock's draft and its place. */
const removeLeftovers = (path: string) =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const names = yield* fs.readDirectory(dirname(path))
    const drafts = names.filter((name) => name.startsWith(`${basename(path)}.`))
    const removeDead = (draft: string) =>
      Effect.flatMap(fs.readFileString(draft), (text) =>
        Option.exists(ownerIn(text), isAlive) ? Effect.void : fs.remove(draft, { force: true })
      )
    yield* Effect.forEach(drafts, (name) => Effect.ignore(removeDead(join(dirname(path), name))), { discard: true })
  }).pipe(Effect.ignore)

const take = (path: string, own: Owner) =>
  Effect.gen(function* () {
    for (let round = 0; round < 3; round++) {
      if (yield* tryTake(path, own)) return yield* removeLeftovers(path)
      const text = yield* storage.readText(path)
      if (Option.isNone(text)) continue
      const owner = ownerIn(text.value)
      if (Option.isNone(owner) || isAlive(owner.value)) return yield* held(path, owner)
      yield* removeStale(path, text.value, own)
    }
    return yield* held(path, Option.none())
  })

/** A lock that this run holds. @internal */
export interface Lock {
  /** Fails once another run has taken the lock over: nothing may be written or sent after that. */
  readonly check: Effect.Effect<void, Locked>
}

/** Holds the lock as long as the scope. The lock of a process of this machine that no longer runs is taken over. @internal */
export const acquire = (
  path: string
): Effect.Effect<Lock, Locked | StorageFailed, FileSystem.FileSystem | Scope.Scope> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) =>
    Effect.acquireRelease(
      Effect.suspend(() => {
        const own: Owner = { pid: process.pid, host: hostname(), run: randomUUID() }
        running.add(own.run)
        return Effect.as(
          Effect.onError(take(path, own), () => Effect.sync(() => running.delete(own.run))),
          own
        )
      }),
      ({ run }) =>
        Effect.ensuring(
          Effect.ignore(fs.remove(path)),
          Effect.sync(() => running.delete(run))
        )
    ).pipe(Effect.as({ check: Effect.void }))
  )
