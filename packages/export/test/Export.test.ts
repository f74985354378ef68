import * as fs from "node:fs"
import * as path from "node:path"
import { SystemError } from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Statement from "@effect/sql/Statement"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { Checkpoint, Export, Manifest, Sink, Verify } from "../src/index.js"
import { directory, emulated, type Fault, faulty, listed, offsets, Platform, pathTo, sent } from "./support.js"

const rows = Array.from({ length: 60 }, (_, index) => sent(index + 1))

const linesOf = (file: string) => fs.readFileSync(file, "utf8").trimEnd().split("\n")

/** Returns the path of a file of an unfinished export. */
const inside = (file: string, name: string) => path.join(path.dirname(Checkpoint.pathOf(file)), name)

/** Returns the names of the files of an unfinished export. */
const staged = (file: string) => fs.readdirSync(path.dirname(Checkpoint.pathOf(file))).sort()

const failAt =
  (number: number, fault: Fault = 500) =>
  (request: number): Fault =>
    request === number ? fault : undefined

const never: (request: number) => Fault = () => undefined

/** A file system on which the write of this number to a file finds the disk full. */
const fullAt = (path: string, number: number) => {
  let writes = 0
  const noRoom = new SystemError({
    reason: "Unknown",
    module: "FileSystem",
    method: "writeAll",
    pathOrDescriptor: path,
    cause: { code: "ENOSPC" }
  })
  const limited = (file: FileSystem.File): FileSystem.File =>
    Object.assign(Object.create(file), {
      writeAll: (bytes: Uint8Array) => (++writes === number ? Effect.fail(noRoom) : file.writeAll(bytes))
    })
  return Layer.effect(
    FileSystem.FileSystem,
    Effect.map(FileSystem.FileSystem, (fs) => ({
      ...fs,
      open: (name, options) => Effect.map(fs.open(name, options), (file) => (name === path ? limited(file) : file))
    }))
  ).pipe(Layer.provide(Platform))
}

/** Leaves an export that stopped after two pages of ten rows. */
const unfinished = (file: string, sink: Sink.FileSink = Sink.ndjson(file)) =>
  Effect.flatMap(faulty(rows, failAt(3)), (server) =>
    Effect.flip(Effect.provide(Export.run({ sink, limit: 10 }), server))
  )

const resumed = (file: string, sink: Sink.FileSink = Sink.ndjson(file)) =>
  Effect.flatMap(faulty(rows, never), (server) => Effect.provide(Export.run({ sink, limit: 10, resume: true }), server))

describe("NDJSON", () => {
  it.scoped("writes every customer as the server sent it, and a manifest", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("all.ndjson")
      const odd = JSON.parse('{"metadata":{"__proto__":"x","b":"\\u2028\\"\\n"},"later":{"unknown":[1,null]}}')
      const all = [sent(1, odd), ...rows.slice(1)]
      const manifest = yield* Effect.provide(
        Export.run({ sink: Sink.ndjson(file) }),
        Layer.merge(listed(all), Platform)
      )
      expect(linesOf(file)).toEqual(all.map((row) => JSON.stringify(row)))
      expect(manifest).toMatchObject({ format: "ndjson", rows: 60, pages: 6, duplicates: 0, skipped: 0 })
      expect(manifest).toMatchObject({ firstCursor: "10", lastCursor: "50", bytes: fs.statSync(file).size })
      expect(yield* Effect.provide(Manifest.read(file), Platform)).toEqual(manifest)
      expect(fs.readdirSync(path.dirname(file)).sort()).toEqual(["all.ndjson", "all.ndjson.manifest.json"])
    })
  )

  it.scoped("of an empty list is an empty file", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("none.ndjson")
      const { pages, rows } = yield* Export.run({ sink: Sink.ndjson(file) })
      expect([rows, pages, fs.readFileSync(file, "utf8")]).toEqual([0, 1, ""])
      yield* Verify.file(file)
    }).pipe(Effect.provide(emulated(0)))
  )

  for (const fault of ["reset", "html", 500] as const) {
    it.scopedLive(`resumes after a failure of the server (${fault})`, () =>
      Effect.gen(function* () {
        const file = yield* pathTo("resumed.ndjson")
        const server = yield* faulty(rows, failAt(4, fault))
        const run = Export.run({ sink: Sink.ndjson(file), limit: 10, resume: true })
        const error = yield* Effect.flip(Effect.provide(run, server))
        expect(error).toMatchObject({ resumeCursor: "30" })
        expect(fs.existsSync(file)).toBe(false)
        const manifest = yield* Effect.provide(run, server)
        expect(manifest).toMatchObject({ rows: 60, pages: 6 })
        expect(linesOf(file)).toEqual(rows.map((row) => JSON.stringify(row)))
      })
    )
  }

  it.scopedLive("drops a customer that is repeated after a resume, even if the filter left it out", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("shifted.ndjson")
      const shifted = [...rows.slice(0, 20), ...rows.slice(10, 60)]
      const run = Export.run({ sink: Sink.ndjson(file), limit: 10, resume: true, filter: { active: true } })
      yield* Effect.flip(Effect.provide(run, yield* faulty(shifted, failAt(3))))
      const manifest = yield* Effect.provide(run, yield* faulty(shifted, never))
      expect(manifest).toMatchObject({ rows: 40, skipped: 20, duplicates: 10, pages: 7 })
      expect(linesOf(file)).toEqual(rows.filter(({ isActive }) => isActive).map((row) => JSON.stringify(row)))
    })
  )

  for (const [what, verify, missing] of [
    ["finds every remaining customer", "overlap", 0],
    ["cannot find customers that deletions hide", "none", 4]
  ] as const) {
    it.scopedLive(`resumed after customers were deleted, with verify: "${verify}", ${what}`, () =>
      Effect.gen(function* () {
        const file = yield* pathTo("deleted.ndjson")
        const run = Export.run({ sink: Sink.ndjson(file), limit: 10, resume: true, verify, filter: { active: true } })
        yield* Effect.flip(Effect.provide(run, yield* faulty(rows, failAt(4), offsets)))
        const { position } = yield* Checkpoint.fromText(file, fs.readFileSync(Checkpoint.pathOf(file), "utf8"))
        const read = rows.findIndex(({ expressCustomerId }) => expressCustomerId === position.lastId)
        // Both active and inactive customers, including the last one that was read.
        const gone = new Set([...rows.slice(2, 7), rows[read]])
        const left = rows.filter((row) => !gone.has(row))
        yield* Effect.provide(run, yield* faulty(left, never, offsets))
        const expected = rows.filter((row, index) => row.isActive && (index <= read || !gone.has(row)))
        const found = new Set(linesOf(file))
        expect(expected.filter((row) => !found.has(JSON.stringify(row)))).toHaveLength(missing)
      })
    )
  }

  it.scopedLive('with verify: "overlap" resumes from a checkpoint without a last customer', () =>
    Effect.gen(function* () {
      const file = yield* pathTo("old.ndjson")
      const run = Export.run({ sink: Sink.ndjson(file), limit: 10, resume: true, verify: "overlap" })
      yield* Effect.flip(Effect.provide(run, yield* faulty(rows, failAt(3), offsets)))
      const kept = Checkpoint.pathOf(file)
      const { position, ...rest } = yield* Checkpoint.fromText(kept, fs.readFileSync(kept, "utf8"))
      const { lastId: _, ...old } = position
      fs.writeFileSync(kept, Checkpoint.toText({ ...rest, position: old }))
      yield* Effect.provide(run, yield* faulty(rows, never, offsets))
      expect(linesOf(file)).toEqual(rows.map((row) => JSON.stringify(row)))
    })
  )

  it.scoped('with verify: "overlap" refuses a list whose cursors are not offsets', () =>
    Effect.gen(function* () {
      const file = yield* pathTo("opaque.ndjson")
      const error = yield* Effect.flip(
        Effect.provide(
          Export.run({ sink: Sink.ndjson(file), limit: 10, verify: "overlap" }),
          yield* faulty(rows, never)
        )
      )
      expect(error).toMatchObject({ _tag: "BrokenPagination", reason: "unverifiable" })
      expect(fs.existsSync(file)).toBe(false)
    })
  )

  it.scoped("writes only the customers that the filter keeps", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("since.ndjson")
      const all = [sent(1, { createdAt: null }), sent(2, { createdAt: "2023-12-31T23:59:59Z" }), sent(3)]
      const filter = { createdSince: DateTime.unsafeMake("2024-01-01T00:00:00Z") }
      const manifest = yield* Export.run({ sink: Sink.ndjson(file), filter }).pipe(
        Effect.provide(Layer.merge(listed(all), Platform))
      )
      expect(manifest).toMatchObject({ rows: 1, skipped: 2, filter })
      expect(linesOf(file)).toHaveLength(1)
    })
  )

  it.scopedLive("stops after a page when requested, and resumes", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("stopped.ndjson")
      const stop = yield* Deferred.make<void>()
      const error = yield* Export.run({
        sink: Sink.ndjson(file),
        limit: 10,
        stop: Deferred.await(stop),
        onProgress: ({ pages }) =>
          pages === 2 ? Effect.zipRight(Deferred.succeed(stop, undefined), Effect.sleep(20)) : Effect.void
      }).pipe(Effect.flip)
      expect(error).toMatchObject({ _tag: "Stopped", rows: 20, pages: 2 })
      const progress: Array<number> = []
      const manifest = yield* Export.run({
        sink: Sink.ndjson(file),
        limit: 10,
        resume: true,
        onProgress: ({ resumedRows, rows }) => Effect.sync(() => progress.push(resumedRows, rows))
      })
      expect(manifest).toMatchObject({ rows: 60, pages: 6 })
      expect(progress.slice(0, 2)).toEqual([20, 30])
    }).pipe(Effect.provide(emulated(60)))
  )

  it.scopedLive("keeps its checkpoint when it is interrupted", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("interrupted.ndjson")
      const reached = yield* Deferred.make<void>()
      const fiber = yield* Effect.fork(
        Export.run({
          sink: Sink.ndjson(file),
          limit: 10,
          onProgress: ({ pages }) =>
            pages === 3 ? Effect.zipRight(Deferred.succeed(reached, undefined), Effect.never) : Effect.void
        })
      )
      yield* Deferred.await(reached)
      yield* Fiber.interrupt(fiber)
      expect(staged(file)).not.toContain("lock")
      expect(yield* Effect.flip(Export.run({ sink: Sink.ndjson(file), limit: 10 }))).toMatchObject({
        _tag: "Unfinished",
        rows: 30
      })
      expect(yield* Export.run({ sink: Sink.ndjson(file), limit: 10, resume: true })).toMatchObject({ rows: 60 })
    }).pipe(Effect.provide(emulated(60)))
  )
})

describe("an unfinished export", () => {
  it.scopedLive("is neither overwritten nor resumed by accident, and can be discarded", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("a.ndjson")
      expect(yield* unfinished(file)).toMatchObject({ _tag: "ServerError" })
      const server = yield* faulty(rows, never)
      const again = Effect.flip(Effect.provide(Export.run({ sink: Sink.ndjson(file), limit: 10 }), server))
      expect(yield* again).toMatchObject({ _tag: "Unfinished", destination: file, rows: 20 })
      const discarding = Export.run({ sink: Sink.ndjson(file), limit: 10, discard: true })
      expect(yield* Effect.provide(discarding, server)).toMatchObject({ rows: 60, pages: 6 })
    })
  )

  it.scopedLive("that failed before its first page leaves nothing", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("a.ndjson")
      const server = yield* faulty(rows, failAt(1))
      yield* Effect.flip(Effect.provide(Export.run({ sink: Sink.ndjson(file) }), server))
      expect(fs.readdirSync(path.dirname(file))).toEqual([])
    })
  )

  it.scopedLive("whose cursor the server no longer accepts is refused, and starts over when it is discarded", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("a.ndjson")
      yield* unfinished(file)
      const run = (discard: boolean, fault: (request: number) => Fault) =>
        Effect.flatMap(faulty(rows, fault), (server) =>
          Effect.provide(Export.run({ sink: Sink.ndjson(file), limit: 10, resume: true, discard }), server)
        )
      for (let attempt = 0; attempt < 2; attempt++) {
        const error = yield* Effect.flip(run(false, failAt(1, 400)))
        expect(error).toMatchObject({ _tag: "CheckpointRefused", path: file, reason: "expired" })
      }
      // Only a failure of the first page is caused by the checkpoint.
      expect(yield* Effect.flip(run(false, failAt(2, 400)))).toMatchObject({
        _tag: "BrokenPagination",
        reason: "refusedCursor"
      })
      expect(yield* run(true, never)).toMatchObject({ rows: 60, pages: 6 })
    })
  )

  it.scopedLive("with other options is refused, and the message names them", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("a")
      yield* unfinished(file)
      const server = yield* faulty(rows, never)
      const refused = (options: Omit<Export.Options<never>, "sink">, sink = Sink.ndjson(file)) =>
        Effect.map(
          Effect.flip(Effect.provide(Export.run({ limit: 10, resume: true, ...options, sink }), server)),
          ({ message }) => message
        )
      expect(yield* refused({ limit: 20 })).toMatch(/other options: limit was 10 and is 20; discard/)
      expect(yield* refused({ filter: { active: true } })).toMatch(/active was not set and is true/)
      expect(yield* refused({ source: "b" })).toMatch(/source was not set and is b/)
      expect(yield* refused({}, Sink.csv(file))).toMatch(/format was ndjson and is csv/)
      expect(yield* resumed(file)).toMatchObject({ rows: 60 })
    })
  )

  it.scopedLive("whose rows were truncated or changed is refused", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("a.ndjson")
      yield* unfinished(file)
      const partial = fs.readFileSync(inside(file, "rows"))
      fs.writeFileSync(inside(file, "rows"), partial.subarray(0, -1))
      expect(yield* Effect.flip(resumed(file))).toMatchObject({ _tag: "CheckpointRefused", reason: "rows" })
      fs.writeFileSync(inside(file, "rows"), partial.toString().replace("Clinic 7", "Clinic 8"))
      expect(yield* Effect.flip(resumed(file))).toMatchObject({ _tag: "CheckpointRefused", reason: "rows" })
      fs.writeFileSync(inside(file, "rows"), Buffer.concat([partial, Buffer.from('{"half":')]))
      expect(yield* resumed(file)).toMatchObject({ rows: 60 })
      expect(linesOf(file)).toEqual(rows.map((row) => JSON.stringify(row)))
    })
  )

  it.scopedLive("that was killed while it marked its directory starts over", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("a.ndjson")
      yield* unfinished(file)
      const marker = fs.readFileSync(inside(file, "marker.json"))
      for (const bytes of [0, 1, marker.length >> 1, marker.length - 2]) {
        fs.rmSync(inside(file, "."), { recursive: true, force: true })
        fs.mkdirSync(inside(file, "."), { mode: 0o700 })
        fs.writeFileSync(inside(file, "marker.json"), marker.subarray(0, bytes))
        expect(yield* resumed(file)).toMatchObject({ rows: 60 })
      }
    })
  )

  it.scopedLive(
    "whose checkpoint was changed anywhere is refused, or ends correctly",
    () =>
      Effect.gen(function* () {
        const file = yield* pathTo("a.ndjson")
        const expected = rows.map((row) => JSON.stringify(row))
        yield* unfinished(file)
        const files = [inside(file, "marker.json"), Checkpoint.pathOf(file), inside(file, "rows")].map(
          (name) => [name, fs.readFileSync(name)] as const
        )
        const whole = fs.readFileSync(Checkpoint.pathOf(file))
        for (let at = 0; at < whole.length; at += 7) {
          fs.mkdirSync(inside(file, "."), { recursive: true, mode: 0o700 })
          for (const [name, bytes] of files) fs.writeFileSync(name, bytes)
          const damaged = Buffer.from(whole)
          damaged[at] = ((damaged[at] ?? 0) + 1 + (at % 90)) % 128
          fs.writeFileSync(Checkpoint.pathOf(file), at % 2 === 0 ? damaged : damaged.subarray(0, at))
          const exit = yield* Effect.either(resumed(file))
          if (exit._tag === "Left") expect(exit.left).toMatchObject({ _tag: "CheckpointRefused" })
          else expect(linesOf(file)).toEqual(expected)
        }
      }),
    60_000
  )

  it.scopedLive("can keep its checkpoint in memory", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("a.ndjson")
      yield* unfinished(file)
      expect(fs.existsSync(Checkpoint.pathOf(file))).toBe(false)
      expect(yield* resumed(file)).toMatchObject({ rows: 60 })
    }).pipe(Effect.provide(Checkpoint.layerMemory))
  )

  it.scopedLive("has the same result after a stop at any step of finishing", () =>
    Effect.gen(function* () {
      for (const make of [Sink.ndjson, Sink.json, Sink.csv, Sink.parquet]) {
        const file = yield* pathTo("whole")
        const sink = make(file)
        const steps: Array<ReadonlyMap<string, Buffer>> = []
        const record = Effect.sync(() => {
          const folder = path.dirname(file)
          const names = fs.readdirSync(folder, { recursive: true, encoding: "utf8" })
          const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile())
          steps.push(new Map(files.map((name) => [name, fs.readFileSync(path.join(folder, name))])))
        })
        const recording = Layer.effect(
          Checkpoint.Checkpoints,
          Effect.map(Checkpoint.makeFile, (service) => ({
            ...service,
            write: (name: string, checkpoint: Checkpoint.Checkpoint) =>
              Effect.zipLeft(service.write(name, checkpoint), record),
            remove: (name: string) => Effect.zipRight(record, service.remove(name))
          }))
        )
        const server = yield* faulty(rows, never)
        const run = Export.run({ sink, limit: 10, resume: true })
        const { sha256 } = yield* Effect.provide(run, Layer.merge(Layer.provide(recording, Platform), server))
        expect(steps.length).toBeGreaterThanOrEqual(3)
        for (const step of steps) {
          fs.rmSync(path.dirname(file), { recursive: true })
          fs.mkdirSync(inside(file, "."), { recursive: true, mode: 0o700 })
          for (const [name, bytes] of step) fs.writeFileSync(path.join(path.dirname(file), name), bytes)
          expect(yield* Effect.provide(run, server)).toMatchObject({ sha256, rows: 60 })
          expect(fs.readdirSync(path.dirname(file)).sort()).toEqual(["whole", "whole.manifest.json"])
        }
      }
    })
  )
})

describe("a destination", () => {
  it.scoped("is locked by one export at a time, and a lock that a dead export left is taken over", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("a.ndjson")
      const run = Export.run({ sink: Sink.ndjson(file) })
      const reached = yield* Deferred.make<void>()
      const first = yield* Effect.fork(
        Export.run({
          sink: Sink.ndjson(file),
          onProgress: () => Effect.zipRight(Deferred.succeed(reached, undefined), Effect.never)
        })
      )
      yield* Deferred.await(reached)
      const error = yield* Effect.flip(run)
      expect(error).toMatchObject({ _tag: "Locked", path: inside(file, "lock") })
      expect(error.message).toMatch(
        new RegExp(`process ${process.pid} on .*, since .*; start this run again when that`)
      )
      const lock = fs.readFileSync(inside(file, "lock"), "utf8")
      yield* Fiber.interrupt(first)
      expect(yield* Export.run({ sink: Sink.ndjson(file), resume: true })).toMatchObject({ rows: 5 })
      for (const left of [lock, lock.replace(/"pid":\d+/, '"pid":1').replace(/"host":"/, '"host":"other'), ""]) {
        fs.mkdirSync(inside(file, "."), { mode: 0o700 })
        fs.writeFileSync(inside(file, "lock"), left)
        fs.utimesSync(inside(file, "lock"), 0, 0)
        expect(yield* run).toMatchObject({ rows: 5 })
        expect(fs.readdirSync(path.dirname(file)).sort()).toEqual(["a.ndjson", "a.ndjson.manifest.json"])
      }
    }).pipe(Effect.provide(emulated(5)))
  )

  for (const [name, isAt] of [
    ["a page", ({ pages }: Export.Progress) => pages === 3],
    ["the finished file", ({ phase }: Export.Progress) => phase === "finishing"]
  ] as const) {
    it.scopedLive(
      `whose lock another run has taken stops before ${name}, and does not touch the files of that run`,
      () =>
        Effect.gen(function* () {
          const file = yield* pathTo("a.ndjson")
          const server = yield* faulty(rows, never)
          let left: ReadonlyArray<Buffer> = []
          const all = () => staged(file).map((name) => fs.readFileSync(inside(file, name)))
          const take = Effect.sync(() => {
            fs.rmSync(inside(file, "lock"))
            fs.writeFileSync(inside(file, "lock"), "")
            left = all()
          })
          const run = Export.run({
            sink: Sink.ndjson(file),
            limit: 10,
            onProgress: (progress) => (isAt(progress) ? take : Effect.void)
          })
          const error = yield* Effect.flip(Effect.provide(run, server))
          expect(error).toMatchObject({ _tag: "Locked", lost: true })
          expect(all()).toEqual(left)
          expect(fs.existsSync(file)).toBe(false)
        })
    )
  }

  it.scopedLive("gets a checkpoint every second of the monotonic clock, independent of the wall clock", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("a.ndjson")
      const server = yield* faulty(rows, never)
      let seconds = 0
      const nanos = () => BigInt(seconds * 1_000_000_000)
      const clock = yield* Effect.clock
      const setBack: Clock.Clock = {
        ...clock,
        [Clock.ClockTypeId]: Clock.ClockTypeId,
        sleep: (duration) => clock.sleep(duration),
        unsafeCurrentTimeMillis: () => 1_700_000_000_000 - seconds * 1000,
        unsafeCurrentTimeNanos: nanos,
        currentTimeMillis: Effect.sync(() => 1_700_000_000_000 - seconds * 1000),
        currentTimeNanos: Effect.sync(nanos)
      }
      const kept: Array<number> = []
      const elapsed: Array<number> = []
      const recording = Layer.effect(
        Checkpoint.Checkpoints,
        Effect.map(Checkpoint.makeFile, (service) => ({
          ...service,
          write: (name: string, checkpoint: Checkpoint.Checkpoint) => {
            kept.push(checkpoint.position.pages)
            return service.write(name, checkpoint)
          }
        }))
      )
      yield* Export.run({
        sink: Sink.ndjson(file),
        limit: 10,
        onProgress: (progress) =>
          Effect.sync(() => {
            seconds += 0.5
            elapsed.push(Duration.toSeconds(progress.elapsed))
          })
      }).pipe(Effect.provide(Layer.merge(Layer.provide(recording, Platform), server)), Effect.withClock(setBack))
      expect(kept).toEqual([3, 5, 6, 6])
      expect(elapsed).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3])
    })
  )

  it.scoped("that cannot be written appears in the error, with the reason", () =>
    Effect.gen(function* () {
      const folder = yield* directory
      const failure = (file: string) => Effect.flip(Export.run({ sink: Sink.ndjson(file) }))
      expect(yield* failure(folder)).toMatchObject({ _tag: "StorageFailed", path: folder, reason: "directory" })
      expect(yield* failure(path.join(folder, "no", "a.ndjson"))).toMatchObject({ reason: "missing" })
      fs.writeFileSync(path.join(folder, "file"), "")
      expect(yield* failure(path.join(folder, "file", "a.ndjson"))).toMatchObject({ reason: "directory" })
      const denied = yield* failure("/proc/self/a.ndjson")
      expect(denied).toMatchObject({ _tag: "StorageFailed" })
      expect(fs.readdirSync(folder)).toEqual(["file"])
    }).pipe(Effect.provide(emulated(5)))
  )

  it.scopedLive("on a full disk fails with that reason, and the export resumes when there is space", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("a.ndjson")
      const rowsFile = inside(file, "rows")
      const run = Export.run({ sink: Sink.ndjson(file) })
      const error = yield* Effect.flip(Effect.provide(run, fullAt(rowsFile, 1)))
      expect(error).toMatchObject({ _tag: "StorageFailed", path: rowsFile, reason: "full", code: "ENOSPC" })
      expect(fs.readdirSync(path.dirname(file))).toEqual([])
      expect(yield* run).toMatchObject({ rows: 50 })
    }).pipe(Effect.provide(emulated(50)))
  )

  it.scopedLive("on a disk that becomes full between the rows and the filtered ids of a page counts neither", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("a.ndjson")
      const server = yield* faulty(rows, never)
      const run = Export.run({ sink: Sink.ndjson(file), limit: 10, resume: true, filter: { active: true } })
      const error = yield* Effect.flip(Effect.provide(run, Layer.merge(server, fullAt(inside(file, "skipped"), 3))))
      expect(error).toMatchObject({ _tag: "StorageFailed", path: inside(file, "skipped"), reason: "full" })
      expect(yield* Effect.provide(run, server)).toMatchObject({ rows: 40, skipped: 20, duplicates: 0, pages: 6 })
      yield* Effect.provide(Verify.file(file), Platform)
    })
  )

  it.scoped("with a finished export is replaced when the next one ends", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("a.ndjson")
      yield* Effect.provide(Export.run({ sink: Sink.ndjson(file) }), Layer.merge(listed(rows), Platform))
      yield* unfinished(file)
      expect(linesOf(file)).toHaveLength(60)
      yield* Effect.provide(Verify.file(file), Platform)
    })
  )
})

describe("a stream", () => {
  const textOf = <R>(run: (write: (text: string) => Effect.Effect<void>) => Effect.Effect<unknown, unknown, R>) =>
    Effect.gen(function* () {
      const texts: Array<string> = []
      yield* run((text) => Effect.sync(() => texts.push(text)))
      return texts
    })

  it.scoped("writes the text of the file, page by page", () =>
    Effect.gen(function* () {
      const all = [sent(1, { metadata: { __proto__: "x", a: 'b"c' }, later: [1] }), ...rows.slice(1)]
      const layer = Layer.merge(listed(all), Platform)
      for (const format of ["ndjson", "json", "csv"] as const) {
        const file = yield* pathTo(`a.${format}`)
        const { sha256 } = yield* Effect.provide(
          Export.run({ sink: Sink[format](file), filter: { active: true } }),
          layer
        )
        const texts = yield* textOf((write) =>
          Effect.map(Export.run({ sink: Sink.stream({ write, format }), filter: { active: true } }), (manifest) =>
            expect(manifest).toMatchObject({ format, rows: 40, skipped: 20, sha256 })
          ).pipe(Effect.provide(layer))
        )
        expect(texts).toHaveLength(format === "json" ? 7 : 6)
        expect(texts.join("")).toBe(fs.readFileSync(file, "utf8"))
      }
      const empty = yield* textOf((write) =>
        Export.run({ sink: Sink.stream({ write, format: "csv", bom: true }) }).pipe(Effect.provide(listed([])))
      )
      expect(empty.join("")).toMatch(/^\uFEFFexpressCustomerId,.*,extra\r\n$/)
      const emptyArray = yield* textOf((write) =>
        Export.run({ sink: Sink.stream({ write, format: "json" }) }).pipe(Effect.provide(listed([])))
      )
      expect(emptyArray.join("")).toBe("[\n]\n")
    })
  )

  it.scoped("fails with the error of its writer, and can be interrupted while the writer waits", () =>
    Effect.gen(function* () {
      const failing = Export.run({ sink: Sink.stream({ write: () => Effect.fail("left" as const) }) })
      expect(yield* Effect.flip(Effect.provide(failing, listed(rows)))).toBe("left")
      const writing = yield* Deferred.make<void>()
      const write = () => Effect.zipRight(Deferred.succeed(writing, undefined), Effect.never)
      const fiber = yield* Effect.fork(Effect.provide(Export.run({ sink: Sink.stream({ write }) }), listed(rows)))
      yield* Deferred.await(writing)
      expect(Exit.isInterrupted(yield* Fiber.interrupt(fiber))).toBe(true)
    })
  )
})

describe("SQL", () => {
  const database = Effect.map(pathTo("mirror.db"), (file) => LibsqlClient.layer({ url: `file:${file}` }))

  it.scopedLive("mirrors the list repeatedly", () =>
    Effect.gen(function* () {
      const sql = yield* database
      const mirror = (all: ReadonlyArray<object>) =>
        Export.run({ sink: Sink.sql({ table: "clinics" }) }).pipe(Effect.provide(Layer.merge(listed(all), sql)))
      expect(yield* mirror(rows)).toMatchObject({ format: "sql", rows: 60, pages: 6 })
      yield* Effect.sleep(5)
      const changed = [
        sent(1, { expressCustomerName: "renamed", metadata: { a: "\u0000" }, later: 1 }),
        ...rows.slice(2)
      ]
      const manifest = yield* mirror(changed)
      const found = yield* Effect.provide(
        Effect.flatMap(SqlClient.SqlClient, (sql) => sql<Record<string, unknown>>`SELECT * FROM clinics ORDER BY 1`),
        sql
      )
      expect(found).toHaveLength(60)
      expect(found[0]).toMatchObject({
        expressCustomerName: "renamed",
        isActive: 1,
        createdAt: "2024-01-15T09:00:00.123Z",
        updatedAt: null,
        metadata: '{"a":"\uFFFD"}',
        received: JSON.stringify(changed[0]),
        lastSeenAt: DateTime.formatIso(manifest.startedAt)
      })
      expect(found[1]?.["lastSeenAt"]).not.toBe(found[0]?.["lastSeenAt"])
    })
  )

  it.scopedLive("resumes where it stopped, and counts as if it had not stopped", () =>
    Effect.gen(function* () {
      const sql = yield* database
      const shifted = [...rows.slice(0, 20), ...rows.slice(10, 60)]
      const run = Export.run({ sink: Sink.sql(), limit: 10 })
      const server = yield* faulty(shifted, failAt(3))
      yield* Effect.flip(Effect.provide(run, Layer.merge(server, sql)))
      expect(yield* Effect.flip(Effect.provide(run, Layer.merge(server, sql)))).toMatchObject({
        _tag: "Unfinished",
        rows: 20
      })
      const resume = Export.run({ sink: Sink.sql(), limit: 10, resume: true })
      expect(yield* Effect.provide(resume, Layer.merge(server, sql))).toMatchObject({
        rows: 60,
        duplicates: 10,
        pages: 7
      })
    })
  )

  it.scopedLive("an older run writes no page while a later one starts", () =>
    Effect.gen(function* () {
      const sql = Layer.succeedContext(yield* Layer.build(yield* database))
      const [one, go] = yield* Effect.all([Deferred.make<void>(), Deferred.make<void>()])
      const server = yield* faulty(rows, never)
      const older = yield* Export.run({
        sink: Sink.sql(),
        limit: 10,
        onProgress: () => Effect.zipRight(Deferred.succeed(one, undefined), Deferred.await(go))
      }).pipe(Effect.provide(Layer.merge(server, sql)), Effect.forkScoped)
      yield* Deferred.await(one)

      let selected = false
      const resume = Statement.withTransformer(
        Export.run({ sink: Sink.sql(), limit: 10, resume: true }),
        (statement) => {
          const later = selected ? Effect.zipRight(Deferred.succeed(go, undefined), Effect.sleep(50)) : Effect.void
          selected ||= statement.compile()[0].startsWith("SELECT state")
          return Effect.as(later, statement)
        }
      )
      expect(yield* Effect.provide(resume, Layer.merge(server, sql))).toMatchObject({
        rows: 60,
        pages: 6,
        duplicates: 0
      })
      expect(selected).toBe(true)
      expect(yield* Effect.flip(Fiber.join(older))).toMatchObject({ _tag: "Locked" })
    })
  )

  it.scopedLive("an older run ends when a later one takes the table", () =>
    Effect.gen(function* () {
      const sql = yield* database
      const inside = yield* Deferred.make<void>()
      const go = yield* Deferred.make<void>()
      const first = yield* Export.run({
        sink: Sink.sql(),
        onProgress: ({ pages }) =>
          pages === 1 ? Effect.zipRight(Deferred.succeed(inside, undefined), Deferred.await(go)) : Effect.void
      }).pipe(Effect.provide(Layer.merge(listed(rows), sql)), Effect.flip, Effect.fork)
      yield* Deferred.await(inside)
      yield* Effect.provide(Export.run({ sink: Sink.sql(), discard: true }), Layer.merge(listed(rows), sql))
      yield* Deferred.succeed(go, undefined)
      expect(yield* Fiber.join(first)).toMatchObject({ _tag: "Locked" })
    })
  )
})

describe("verify", () => {
  it.scoped("finds every change", () =>
    Effect.gen(function* () {
      for (const make of [Sink.ndjson, Sink.json, Sink.csv, Sink.parquet]) {
        const file = yield* pathTo("a")
        const manifest = yield* Export.run({ sink: make(file) })
        expect(yield* Verify.file(file)).toEqual(manifest)
        const whole = fs.readFileSync(file)
        const whats = Effect.map(Effect.flip(Verify.file(file)), (error) =>
          error._tag === "VerifyFailed" ? error.differences.map(({ what }) => what) : error._tag
        )
        const changed = Buffer.from(whole)
        changed[20] = (changed[20] ?? 0) ^ 1
        fs.writeFileSync(file, changed)
        expect(yield* whats).toContain("sha256")
        fs.writeFileSync(file, whole.subarray(0, whole.lastIndexOf("\n", -2) + 1))
        expect(yield* whats).toEqual(["bytes", "sha256", "rows"])
        fs.writeFileSync(file, whole)
        yield* Manifest.write(file, { ...manifest, rows: manifest.rows + 1 })
        expect(yield* whats).toEqual(["rows"])
        fs.writeFileSync(Manifest.pathOf(file), "{}")
        expect(yield* whats).toBe("ManifestRefused")
        fs.rmSync(Manifest.pathOf(file))
        expect(yield* whats).toBe("ManifestRefused")
      }
    }).pipe(Effect.provide(emulated(30)))
  )
})
