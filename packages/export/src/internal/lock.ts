/// <reference path="./fs-native-extensions.d.ts" />
/**
 * A lock that ends with its process. If the file system has locks, the kernel keeps it on the file `PATH`. Otherwise the holder keeps a lease:
 * it renews a text in `PATH.1`. A run that sees that text unchanged for a complete lease takes over with `PATH.2`.
 */
import { randomUUID } from "node:crypto"
import * as fs from "node:fs"
import { hostname } from "node:os"
import { basename, dirname, join } from "node:path"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { Locked, type StorageFailed } from "../ExportError.js"
import { attempt, codeOf, ignore, look, occupied, openPlain } from "./files.js"

/** @internal */
export interface Settings {
  /** Returns whether the kernel grants the lock on a file; throws if the file system has no locks. */
  readonly tryLock: Effect.Effect<(fd: number) => boolean>
  /** The time between two renewals of the holder's text. */
  readonly beat: Duration.Duration
  /** The time after which a holder counts as dead if its text stays unchanged. */
  readonly lease: Duration.Duration
}

// Windows does not let others read a locked range: the text is before it.
const lockedAt = 2 ** 30

// On Deno, the module would end the process because it needs functions of libuv that Deno lacks. Locks are leases there.
const loadNative = () =>
  "Deno" in globalThis ? Promise.reject(new Error("no native locks on Deno")) : import("fs-native-extensions")

const nativeTryLock = Effect.tryPromise(loadNative).pipe(
  Effect.map(
    ({ tryLock }) =>
      (fd: number) =>
        tryLock(fd, lockedAt, 1)
  ),
  Effect.catchAll((error) =>
    Effect.succeed(() => {
      throw error
    })
  )
)

/** The settings of locks, which tests replace. @internal */
export class LockSettings extends Context.Reference<LockSettings>()("@effect-avara/export/internal/LockSettings", {
  defaultValue: (): Settings => ({
    tryLock: nativeTryLock,
    beat: Duration.seconds(3),
    lease: Duration.seconds(15)
  })
}) {}

/** A lock that this run holds. @internal */
export interface Lock {
  /** Fails as soon as another run may have taken over the lock: nothing may be written or sent after that. */
  readonly check: Effect.Effect<void, Locked>
}

const mark = '{"lock":"avara"'

const Owner = Schema.parseJson(Schema.Struct({ pid: Schema.Int, host: Schema.String, since: Schema.String }))

const decodeOwner = Schema.decodeOption(Owner)

const ownerIn = (text: string): string | undefined =>
  Option.getOrUndefined(
    Option.map(decodeOwner(text), ({ host, pid, since }) => `process ${pid} on ${host}, since ${since}`)
  )

const heldBy = (path: string, text: string): Locked => {
  const owner = ownerIn(text)
  return new Locked({ path, ...(owner === undefined ? {} : { owner }) })
}

/** Whether this library wrote the text of a lock; after a power failure the text may be missing. */
const isOurs = (text: string): boolean => text.startsWith(mark) || /^\0*$/.test(text)

const foreign = (path: string) =>
  occupied(path, "it is not a lock of this library, which needs the name for its own lock")

const textOf = (fd: number): string => {
  const buffer = Buffer.alloc(1024)
  return buffer.toString("utf8", 0, fs.readSync(fd, buffer, 0, buffer.length, 0))
}

/** Returns the text of a lock, or none if the lock no longer exists. */
const readText = (path: string): string | undefined => {
  let fd: number
  try {
    fd = openPlain(path, fs.constants.O_RDONLY)
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined
    throw error
  }
  try {
    const text = textOf(fd)
    if (!isOurs(text)) throw foreign(path)
    return text
  } finally {
    fs.closeSync(fd)
  }
}

/** A kernel lock has no number. The numbers of leases count up: the higher one is the later one. */
const pathOf = (path: string, token: number): string => (token === 0 ? path : `${path}.${token}`)

/** Returns the texts of all locks at the path by their tokens. A kernel lock without a text is not held yet. */
const readTexts = (path: string): ReadonlyMap<number, string> => {
  const base = basename(path)
  const texts = new Map<number, string>()
  for (const name of fs.readdirSync(dirname(path))) {
    if (name !== base && !(name.startsWith(`${base}.`) && /^[1-9]\d{0,8}$/.test(name.slice(base.length + 1)))) continue
    const token = name === base ? 0 : Number(name.slice(base.length + 1))
    const text = readText(join(dirname(path), name))
    if (text !== undefined && !(token === 0 && text === "")) texts.set(token, text)
  }
  return texts
}

/** The open file of this run's lock. */
interface Held {
  readonly path: string
  readonly token: number
  readonly fd: number
  /** The unique start of this lock's text. */
  readonly owner: string
}

const newOwner = (now: number): string => {
  const owner = { lock: "avara", pid: process.pid, host: hostname(), since: new Date(now).toISOString() }
  return JSON.stringify({ ...owner, run: randomUUID() }).slice(0, -1)
}

/** Always has the same length, so that one write replaces it. */
const textAt = (owner: string, beat: number): string => `${owner},"beat":"${String(beat).padStart(12, "0")}"}\n`

/** Compares the text, because some file systems report a different inode number every time. */
const stands = ({ owner, path, token }: Held): boolean => readText(pathOf(path, token))?.startsWith(owner) === true

const release = (held: Held): void => {
  ignore(() => {
    if (stands(held)) fs.unlinkSync(pathOf(held.path, held.token))
  })
  ignore(() => fs.closeSync(held.fd))
}

const create = (path: string): number | undefined => {
  try {
    return openPlain(path, fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL)
  } catch (error) {
    if (codeOf(error) === "EEXIST") return undefined
    throw error
  }
}

const writeText = ({ fd, owner }: Held, beat: number): void => {
  const written = fs.writeSync(fd, textAt(owner, beat), 0)
  if (beat === 0) fs.ftruncateSync(fd, written)
}

/** The maximum number of times that a run starts again because other runs start and end. */
const maxRounds = 20

const noLocks = Symbol("noLocks")

const grantOf = (tryLock: (fd: number) => boolean, fd: number): boolean | typeof noLocks => {
  try {
    return tryLock(fd)
  } catch {
    return noLocks
  }
}

/** Takes the lock on an open file, or closes the file. Returns `undefined` if its holder removed the file meanwhile: such a lock excludes no run. */
const takeOpen = (held: Held, isNew: boolean, tryLock: (fd: number) => boolean) => {
  const path = pathOf(held.path, held.token)
  let isKept = false
  try {
    const granted = grantOf(tryLock, held.fd)
    if (granted === noLocks && isNew && readText(path) === "") fs.unlinkSync(path)
    if (granted === noLocks) return noLocks
    const text = textOf(held.fd)
    if (!isOurs(text)) throw foreign(path)
    if (!granted) return heldBy(path, text)
    writeText(held, 0)
    isKept = stands(held)
    return isKept ? held : undefined
  } finally {
    if (!isKept) fs.closeSync(held.fd)
  }
}

/** Takes a kernel lock, if the file system has locks. */
const takeFromKernel = (path: string, now: number, tryLock: (fd: number) => boolean) => {
  for (let round = 0; round < maxRounds; round++) {
    const created = create(path)
    const fd = created ?? openPlain(path, fs.constants.O_RDWR | fs.constants.O_CREAT)
    const taken = takeOpen({ path, token: 0, fd, owner: newOwner(now) }, created !== undefined, tryLock)
    if (taken !== undefined) return taken
  }
  return new Locked({ path })
}

/** Holds the lock that was taken, if any, until the scope closes. */
const holding = <A, E>(take: Effect.Effect<A, E>, heldIn: (taken: A) => Held | undefined) =>
  Effect.acquireRelease(take, (taken) =>
    Effect.sync(() => {
      const held = heldIn(taken)
      if (held !== undefined) release(held)
    })
  )

/** Returns the locks at the path after all of them stayed unchanged for a complete lease, or `undefined` if a lock appeared or disappeared. */
const watch = (path: string, ignored: number | undefined) =>
  Effect.gen(function* () {
    const { beat, lease } = yield* LockSettings
    const read = attempt(path, () => new Map(Array.from(readTexts(path)).filter(([token]) => token !== ignored)))
    const first = yield* read
    if (first.size === 0) return first
    const began = yield* Clock.currentTimeNanos
    for (;;) {
      yield* Effect.sleep(Duration.times(beat, 1 / 3))
      const elapsed = (yield* Clock.currentTimeNanos) - began
      const texts = yield* read
      for (const [token, text] of texts) {
        if (first.has(token) && first.get(token) !== text) return yield* heldBy(pathOf(path, token), text)
      }
      if (texts.size !== first.size || [...texts.keys()].some((token) => !first.has(token))) return undefined
      if (elapsed >= Duration.unsafeToNanos(lease)) return first
    }
  })

type Texts = ReadonlyMap<number, string>

/** Whether there are only the lock of this run and locks of dead runs. */
const isAlone = ({ path, token }: Held, dead: Texts): boolean =>
  Array.from(readTexts(path)).every(([other, text]) => other === token || dead.get(other) === text)

const removeDead = (path: string, dead: Texts): void => {
  for (const [token, text] of dead) if (readText(pathOf(path, token)) === text) fs.unlinkSync(pathOf(path, token))
}

/** Takes the next lease after those of dead runs, or returns `undefined` if another run was faster. */
const takeLease = (path: string, now: number, dead: Texts): Held | undefined => {
  const token = Math.max(0, ...dead.keys()) + 1
  const fd = create(pathOf(path, token))
  if (fd === undefined) return undefined
  const held: Held = { path, token, fd, owner: newOwner(now) }
  let isKept = false
  try {
    writeText(held, 0)
    if (!isAlone(held, dead)) return undefined
    removeDead(path, dead)
    isKept = true
    return held
  } finally {
    if (!isKept) release(held)
  }
}

const acquireLease = (path: string) =>
  Effect.gen(function* () {
    for (let round = 0; round < maxRounds; round++) {
      const dead = yield* watch(path, undefined)
      if (dead === undefined) continue
      const take = Effect.flatMap(Clock.currentTimeMillis, (now) => attempt(path, () => takeLease(path, now, dead)))
      const held = yield* holding(take, (taken) => taken)
      if (held !== undefined) return held
    }
    return yield* new Locked({ path })
  })

/** Waits for leases, because a run without kernel locks (such as in a container that shares the directory) may hold one. */
const outlastLeases = (held: Held) =>
  Effect.gen(function* () {
    for (let round = 0; round < maxRounds; round++) {
      const dead = yield* watch(held.path, held.token)
      if (dead === undefined) continue
      yield* attempt(held.path, () => removeDead(held.path, dead))
      if (yield* attempt(held.path, () => isAlone(held, new Map()))) return
    }
    return yield* new Locked({ path: held.path })
  })

/** Renews the text until the scope closes. Returns a function that returns when the last renewal started. */
const keepBeating = (held: Held) =>
  Effect.gen(function* () {
    const { beat } = yield* LockSettings
    let renewedAt = yield* Clock.currentTimeNanos
    let beats = 0
    const renew = Effect.gen(function* () {
      const now = yield* Clock.currentTimeNanos
      yield* attempt(held.path, () => {
        writeText(held, ++beats)
        // The run that watches may be on another host.
        if (held.token > 0) fs.fdatasyncSync(held.fd)
      })
      renewedAt = now
    })
    yield* Effect.forkScoped(Effect.repeat(Effect.delay(Effect.ignore(renew), beat), Schedule.forever))
    return () => renewedAt
  })

const isIntact = (held: Held): boolean => {
  try {
    return stands(held) && look(pathOf(held.path, held.token + 1)) === undefined
  } catch {
    return false
  }
}

/**
 * Holds the lock until the scope closes. The lock of a process that has ended is taken over, whatever its process id, its host and its age.
 * @internal
 */
export const acquire = (path: string): Effect.Effect<Lock, Locked | StorageFailed, Scope.Scope> =>
  Effect.gen(function* () {
    const { beat, lease, tryLock } = yield* LockSettings
    const grant = yield* tryLock
    const take = Effect.flatMap(Clock.currentTimeMillis, (now) => attempt(path, () => takeFromKernel(path, now, grant)))
    const taken = yield* holding(take, (taken) => (taken === noLocks || taken instanceof Locked ? undefined : taken))
    if (taken instanceof Locked) return yield* taken
    const held = taken === noLocks ? yield* acquireLease(path) : taken
    const renewedAt = yield* keepBeating(held)
    if (held.token === 0) yield* outlastLeases(held)
    // One beat less than the watching run waits, so that no write is on its way when it takes over.
    const limit = Duration.unsafeToNanos(lease) - Duration.unsafeToNanos(beat)
    const check = Effect.flatMap(Clock.currentTimeNanos, (now) =>
      isIntact(held) && (held.token === 0 || now - renewedAt() <= limit)
        ? Effect.void
        : Effect.fail(new Locked({ path: pathOf(path, held.token), lost: true }))
    )
    return { check }
  })
