/** The command on full and read-only disks: its messages, the files it leaves, and how it resumes. */
import * as fs from "node:fs"
import * as path from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import { expect, layer } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import { Export, Sink } from "@effect-avara/export"
import { NodeAvara } from "@effect-avara/node"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { program } from "../support/programs.js"
import { type Disk, disk, type Prefix } from "./disk.js"
import { directory, run, tableOf } from "./support.js"

const progressLine = /^[\d,]+ customers {2}.*\n/gm

const avaraWith = (nodeOptions: string, prefix: Prefix, ...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const { url } = yield* Emulator.Emulator
    const env = { AVARA_API_KEY: `sk_live_${"0".repeat(32)}`, AVARA_BASE_URL: url, NODE_OPTIONS: nodeOptions }
    const command = [...prefix, process.execPath, program("avara"), "export", "customers", ...args]
    const { stderr, ...ended } = yield* run(command, env)
    return { ...ended, stderr: stderr.replaceAll(progressLine, "") }
  })

const avara = (prefix: Prefix, ...args: ReadonlyArray<string>) => avaraWith("", prefix, ...args)

/** The command with a frozen clock: nothing time-based happens, however slow the machine is. */
const timelessAvara = (prefix: Prefix, ...args: ReadonlyArray<string>) =>
  avaraWith(
    "--import=data:text/javascript,{const/**/now=process.hrtime.bigint();process.hrtime.bigint=()=>now}",
    prefix,
    ...args
  )

const customers = 2000

const succeeds = (prefix: Prefix, ...args: ReadonlyArray<string>) =>
  Effect.map(avara(prefix, ...args), ({ code, stderr, stdout }) => {
    expect([code, stderr]).toEqual([0, ""])
    return stdout
  })

/** Checks that there is a checkpoint, and returns how many rows it counts. */
const rowsKept = (prefix: Prefix, ...args: ReadonlyArray<string>) =>
  Effect.map(avara(prefix, ...args), ({ code, stderr }) => {
    expect(code).toBe(10)
    return Number(/stopped after (\d+) rows/.exec(stderr)?.[1])
  })

/** The paths and contents of the files in a folder. */
const contents = (folder: string) =>
  new Map(
    fs
      .readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => fs.statSync(path.join(folder, name)).isFile())
      .map((name) => [name, fs.readFileSync(path.join(folder, name), "latin1")])
  )

/** The manifest of an older export. */
const olderManifest = JSON.stringify({ library: "@effect-avara/export 0.0.1" })

/** A client of the emulator in this process. */
const Client = Layer.unwrapEffect(
  Effect.map(Emulator.Emulator, ({ apiKey, url }) => NodeAvara.layer({ apiKey, baseUrl: url }))
)

const sinks = { csv: Sink.csv, ndjson: Sink.ndjson, parquet: Sink.parquet }

/** The file of an undisturbed export. */
const reference = (format: keyof typeof sinks) =>
  Effect.gen(function* () {
    const file = path.join(yield* directory, `customers.${format}`)
    yield* Export.run({ sink: sinks[format](file) })
    return fs.readFileSync(file, "latin1")
  }).pipe(Effect.provide([Client, NodeFileSystem.layer, NodePath.layer]))

/** A disk with an older, finished file of the same name. */
const diskWithOlder = (name: string) =>
  Effect.tap(disk, ({ view }) =>
    Effect.sync(() => {
      fs.writeFileSync(path.join(view, name), "older")
      fs.writeFileSync(path.join(view, `${name}.manifest.json`), olderManifest)
    })
  )

const expectWhole = (format: keyof typeof sinks, { folder, prefix, view }: Disk) =>
  Effect.gen(function* () {
    const name = `customers.${format}`
    yield* succeeds(prefix, "--out", path.join(folder, name), "--resume")
    expect([...contents(view).keys()]).toEqual([name, `${name}.manifest.json`])
    expect(contents(view).get(name)).toBe(yield* reference(format))
  })

/** Leaves an export whose list is complete and whose file could not be written. */
const readToTheEnd = (name: string, { folder, prefix, view }: Disk) =>
  Effect.gen(function* () {
    const staging = path.join(view, `.${name}.avara`)
    fs.mkdirSync(path.join(staging, "converted"), { recursive: true, mode: 0o700 })
    fs.writeFileSync(path.join(staging, "marker.json"), JSON.stringify({ format: "avara-export-staging", version: 1 }))
    expect(yield* avara(prefix, "--out", path.join(folder, name))).toMatchObject({ code: 10, stdout: "" })
    fs.rmdirSync(path.join(staging, "converted"))
  })

const escaped = (text: string) => text.replaceAll(/[.\\/]/g, "\\$&")

/** A file of an unfinished export. */
const inside = (file: string, name: string) => path.join(path.dirname(file), `.${path.basename(file)}.avara`, name)

const full = (file: string, what: string) =>
  new RegExp(
    `^avara: ${escaped(inside(file, what))}: the disk or the quota is full \\((ENOSPC|EFBIG)\\)\nThe exported customers are kept`
  )

layer(Emulator.layer({ customers }), { excludeTestServices: true, timeout: 60_000 })("on a disk", (it) => {
  const scoped = <A, E>(name: string, test: () => Effect.Effect<A, E, Emulator.Emulator | Scope.Scope>) =>
    it.scoped(name, test, { concurrent: true, timeout: 60_000 })

  // With room for 598,016 bytes, complete pages leave no block for the checkpoint.
  for (const [format, room] of [
    ["ndjson", 598_016],
    ["csv", 300_000],
    ["parquet", 100_000]
  ] as const) {
    scoped(`that gets full while the list is read, ${format}`, () =>
      Effect.gen(function* () {
        const name = `customers.${format}`
        const made = yield* diskWithOlder(name)
        const { folder, prefix, view, withRoom } = made
        const file = path.join(folder, name)
        const older = contents(view)
        const { code, stderr } = yield* withRoom(room, (prefix) => timelessAvara(prefix, "--out", file))
        expect(stderr).toMatch(full(file, "rows"))
        expect(code).toBe(10)
        const left = contents(view)
        const kept = ["checkpoint.json", "marker.json", "rows"].map((file) => inside(name, file))
        expect([...left.keys()].sort()).toEqual([...older.keys(), ...kept].sort())
        for (const [name, text] of older) expect(left.get(name)).toBe(text)
        expect(yield* rowsKept(prefix, "--out", file)).toBeGreaterThanOrEqual(100)
        yield* expectWhole(format, made)
      })
    )
  }

  for (const [format, room] of [
    ["csv", 100_000],
    ["parquet", 50_000]
  ] as const) {
    scoped(`that gets full while the file is finished, ${format}`, () =>
      Effect.gen(function* () {
        const name = `customers.${format}`
        const made = yield* diskWithOlder(name)
        const { folder, view, withRoom } = made
        const file = path.join(folder, name)
        yield* readToTheEnd(name, made)
        const before = contents(view)
        const { code, stderr } = yield* withRoom(room, (prefix) => avara(prefix, "--out", file, "--resume"))
        expect(stderr).toMatch(full(file, "converted"))
        expect(code).toBe(10)
        expect(contents(view)).toEqual(before)
        yield* expectWhole(format, made)
      })
    )
  }

  scoped("that gets full under a database", () =>
    Effect.gen(function* () {
      const { folder, prefix, view, withRoom } = yield* disk
      const to = ["--to", `sqlite:${path.join(folder, "customers.db")}`]
      const { code, stderr } = yield* withRoom(600_000, (prefix) => avara(prefix, ...to))
      expect(stderr).toMatch(
        /^avara: the table avara_customers could not be written: SQLITE_(FULL|IOERR\w*): .*\nThe exported customers are kept/
      )
      expect(code).toBe(10)
      const rows = (file: string) => Effect.provide(tableOf, LibsqlClient.layer({ url: `file:${file}` }))
      // SQLite resolves the path of a view to that of another file.
      const copy = path.join(yield* directory, "copy.db")
      const table = Effect.suspend(() => {
        fs.copyFileSync(path.join(view, "customers.db"), copy)
        return rows(copy)
      })
      const kept = yield* rowsKept(prefix, ...to)
      expect(kept).toBeGreaterThanOrEqual(100)
      expect(yield* table).toHaveLength(kept)
      yield* succeeds(prefix, ...to, "--resume")
      const whole = LibsqlClient.layer({ url: `file:${path.join(yield* directory, "whole.db")}` })
      const expected = Effect.zipRight(Export.run({ sink: Sink.sql() }), tableOf)
      expect(yield* table).toEqual(yield* Effect.provide(expected, [Client, whole]))
    })
  )

  scoped("that is read-only, with an unfinished export on it", () =>
    Effect.gen(function* () {
      const format = "csv"
      const name = `customers.${format}`
      const made = yield* diskWithOlder(name)
      const { folder, readOnly, view } = made
      const file = path.join(folder, name)
      yield* readToTheEnd(name, made)
      const before = contents(view)
      const { code, stderr } = yield* readOnly((prefix) => avara(prefix, "--out", file, "--resume"))
      expect(stderr).toMatch(
        new RegExp(
          `^avara: ${escaped(inside(file, "lock"))}: (the file system is read-only|this user has no permission to write there) \\(\\w+\\)\n`
        )
      )
      expect(code).toBe(10)
      expect(contents(view)).toEqual(before)
      yield* expectWhole(format, made)
    })
  )

  scoped("that is read-only, with a database on it", () =>
    Effect.gen(function* () {
      const { folder, prefix, readOnly, view } = yield* disk
      const to = ["--to", `sqlite:${path.join(folder, "customers.db")}`]
      yield* succeeds(prefix, ...to)
      const before = contents(view)
      const { code, stderr } = yield* readOnly((prefix) => avara(prefix, ...to))
      expect(stderr).toMatch(/^avara: .*customers.*/)
      expect(code).toBe(10)
      expect(contents(view)).toEqual(before)
    })
  )
})
