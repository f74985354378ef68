import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { acquire, LockSettings, type Settings } from "../src/internal/lock.js"
import { directory, pathTo } from "./support.js"

const beat = Duration.seconds(3)

const lease = Duration.seconds(15)

const refusing = (code: string): Settings => ({
  tryLock: Effect.succeed(() => {
    throw Object.assign(new Error(code), { code })
  }),
  beat,
  lease
})

/** Takes locks as on a file system without locks. */
const withoutKernel = Effect.provideService(LockSettings, refusing("ENOLCK"))

/** Takes a lock in a separate scope, which the test can close. */
const taken = (file: string) =>
  Effect.gen(function* () {
    const scope = yield* Scope.make()
    yield* Effect.addFinalizer(() => Scope.close(scope, Exit.void))
    const release = Scope.close(scope, Exit.void)
    const { check } = yield* Effect.onError(Scope.extend(acquire(file), scope), () => release)
    return { check, release }
  })

/** Leaves the files of a process that was killed, which are no longer renewed. */
const leftBy = (file: string) =>
  Effect.gen(function* () {
    const names = (): ReadonlyArray<string> => fs.readdirSync(path.dirname(file))
    const { release } = yield* taken(file)
    const texts = names().map(
      (name) => [path.join(path.dirname(file), name), fs.readFileSync(path.join(path.dirname(file), name))] as const
    )
    yield* release
    for (const [name, text] of texts) fs.writeFileSync(name, text)
  })

const namesBeside = (file: string) => fs.readdirSync(path.dirname(file)).sort()

const newFile = pathTo("lock")

/** Lets time pass in small steps, because files are read in between. */
const pass = (seconds: number) =>
  Effect.repeatN(Effect.zipRight(TestClock.adjust("1 second"), Effect.yieldNow()), seconds - 1)

const longest = 600

/** Awaits a fiber that waits for time to pass, and for files, which take no time of the test clock. */
const ended = <A, E>(fiber: Fiber.Fiber<A, E>): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    for (let second = 0; second < longest; second++) {
      yield* pass(1)
      if (Option.isSome(yield* Fiber.poll(fiber))) return yield* Fiber.join(fiber)
    }
    return yield* Effect.dieMessage(`it does not end within ${longest} seconds`)
  })

describe("a kernel lock", () => {
  it.scoped("is held by one run of a process at a time, and leaves no file", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      const { check, release } = yield* taken(file)
      yield* check
      expect(fs.statSync(file).mode & 0o777).toBe(0o600)
      const error = yield* Effect.flip(taken(file))
      expect(error).toMatchObject({ _tag: "Locked", path: file })
      expect(error.message).toMatch(
        new RegExp(`held by process ${process.pid} on \\S+, since \\S+Z; start this run again`)
      )
      yield* release
      expect(namesBeside(file)).toEqual([])
      yield* (yield* taken(file)).check
    })
  )

  it.scoped("is taken over immediately from a dead process, regardless of the content of its file", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      yield* leftBy(file)
      const text = fs.readFileSync(file, "utf8")
      const others = [text, "", "\0\0\0\0", text.slice(0, 40), text.replace(/"pid":\d+/, `"pid":${process.ppid}`)]
      for (const left of others) {
        fs.writeFileSync(file, left)
        fs.utimesSync(file, 1, 1)
        const { check, release } = yield* taken(file)
        yield* check
        yield* release
      }
    })
  )

  it.scoped("is on the file at the path, not on a file that its holder has just removed", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      let tries = 0
      const late: Settings = {
        tryLock: Effect.succeed(() => {
          if (++tries === 1) fs.rmSync(file)
          return true
        }),
        beat,
        lease
      }
      const { check } = yield* Effect.provideService(taken(file), LockSettings, late)
      yield* check
      expect(tries).toBe(2)
    })
  )

  it.scoped("is lost when its file is moved or replaced", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      const { check, release } = yield* taken(file)
      fs.renameSync(file, `${file}-moved`)
      const error = yield* Effect.flip(check)
      expect(error).toMatchObject({ _tag: "Locked", lost: true })
      expect(error.message).toMatch(/this run lost its lock/)
      const other = yield* taken(file)
      yield* other.check
      yield* Effect.flip(check)
      yield* release
      yield* other.check
      expect(namesBeside(file)).toEqual(["lock", "lock-moved"])
    })
  )

  it.scoped("does not replace a file that the library did not write", () =>
    Effect.gen(function* () {
      const folder = yield* directory
      const note = path.join(folder, "note")
      fs.writeFileSync(note, "buy milk\n")
      const link = path.join(folder, "link")
      fs.symlinkSync(note, link)
      const nowhere = path.join(folder, "nowhere")
      fs.symlinkSync(path.join(folder, "made"), nowhere)
      const pipe = path.join(folder, "pipe")
      spawnSync("mkfifo", [pipe])
      fs.writeFileSync(path.join(folder, "numbered.1"), "buy bread\n")
      const before = namesBeside(note)
      for (const file of [note, link, nowhere, pipe, path.join(folder, "numbered")]) {
        const error = yield* Effect.flip(taken(file))
        expect(error).toMatchObject({ _tag: "StorageFailed", reason: "occupied" })
        expect(error.message).toMatch(/nothing was changed\. Move it away, or write to another path$/)
      }
      expect(namesBeside(note)).toEqual(before)
      expect(fs.readFileSync(note, "utf8")).toBe("buy milk\n")
    })
  )

  it.scoped("waits for the lease of a run without kernel locks", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      const lessee = yield* withoutKernel(taken(file))
      const refused = yield* Effect.fork(Effect.flip(taken(file)))
      expect(yield* ended(refused)).toMatchObject({ _tag: "Locked", path: `${file}.1` })
      yield* lessee.check
      yield* lessee.release
      yield* withoutKernel(leftBy(file))
      const waiting = yield* Effect.fork(taken(file))
      yield* (yield* ended(waiting)).check
      expect(namesBeside(file)).toEqual(["lock"])
    })
  )
})

describe("a lease, on a file system without locks", () => {
  for (const code of ["ENOLCK", "ENOSYS", "EOPNOTSUPP", "ENOTSUP", "EINVAL", "Unknown system error -37"]) {
    it.scoped(`is taken if the kernel refuses locks with ${code}`, () =>
      Effect.gen(function* () {
        const file = yield* newFile
        const { check, release } = yield* Effect.provideService(taken(file), LockSettings, refusing(code))
        yield* check
        expect(namesBeside(file)).toEqual(["lock.1"])
        yield* release
        expect(namesBeside(file)).toEqual([])
      })
    )
  }

  it.scoped("is refused while its holder renews it, and is free after its holder has ended", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      const holder = yield* taken(file)
      for (let round = 0; round < 3; round++) {
        const refused = yield* Effect.fork(Effect.flip(taken(file)))
        expect(yield* ended(refused)).toMatchObject({ _tag: "Locked", path: `${file}.1` })
      }
      yield* pass(60)
      yield* holder.check
      yield* holder.release
      yield* (yield* taken(file)).check
    }).pipe(withoutKernel)
  )

  it.scoped("of a dead holder is taken over after a complete lease, and not before", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      yield* leftBy(file)
      const waiting = yield* Effect.fork(taken(file))
      yield* pass(14)
      expect(namesBeside(file)).toEqual(["lock.1"])
      yield* (yield* ended(waiting)).check
      expect(namesBeside(file)).toEqual(["lock.2"])
    }).pipe(withoutKernel)
  )

  it.scoped("can be waited for, and the wait can be interrupted", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      yield* leftBy(file)
      const waiting = yield* Effect.fork(taken(file))
      yield* pass(10)
      expect(Exit.isInterrupted(yield* Fiber.interrupt(waiting))).toBe(true)
      expect(namesBeside(file)).toEqual(["lock.1"])
    }).pipe(withoutKernel)
  )

  it.scoped("of a dead holder goes to only one of many runs", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      yield* leftBy(file)
      const all = yield* Effect.forEach(Array.from({ length: 8 }), () => Effect.fork(Effect.either(taken(file))))
      const ends = yield* Effect.forEach(all, ended)
      expect(ends.map(({ _tag }) => _tag).sort()).toEqual([...Array.from({ length: 7 }, () => "Left"), "Right"])
      expect(namesBeside(file)).toEqual(["lock.2"])
    }).pipe(withoutKernel)
  )

  it.scoped("of a paused run is lost to the run that took over", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      const paused = yield* taken(file)
      // The next run does this after it has seen no renewal for a complete lease.
      fs.writeFileSync(`${file}.2`, fs.readFileSync(`${file}.1`))
      expect(yield* Effect.flip(paused.check)).toMatchObject({ _tag: "Locked", lost: true })
      fs.rmSync(`${file}.1`)
      expect(yield* Effect.flip(paused.check)).toMatchObject({ _tag: "Locked", lost: true })
      yield* paused.release
      expect(namesBeside(file)).toEqual(["lock.2"])
    }).pipe(withoutKernel)
  )

  it.scoped("ends if it could not be renewed for the time of a lease", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      const { check } = yield* taken(file)
      yield* check
      // The process was suspended: its clock advanced, but its timers did not run.
      yield* Effect.flip(
        Effect.withClock(
          check,
          yield* Effect.map(TestClock.testClock(), (clock) => ({
            ...clock,
            currentTimeNanos: Effect.map(clock.currentTimeNanos, (now) => now + 13_000_000_000n)
          }))
        )
      )
      yield* check
    }).pipe(withoutKernel)
  )

  it.scoped("waits for a kernel lock that is no longer renewed", () =>
    Effect.gen(function* () {
      const file = yield* newFile
      const holder = yield* Effect.provideService(taken(file), LockSettings, {
        tryLock: Effect.succeed(() => true),
        beat,
        lease
      })
      const refused = yield* Effect.fork(Effect.flip(taken(file)))
      expect(yield* ended(refused)).toMatchObject({ _tag: "Locked", path: file })
      const text = fs.readFileSync(file)
      yield* holder.release
      fs.writeFileSync(file, text)
      const waiting = yield* Effect.fork(taken(file))
      yield* (yield* ended(waiting)).check
      expect(namesBeside(file)).toEqual(["lock.1"])
    }).pipe(withoutKernel)
  )
})
