/** Exports, imports and bulk operations as separate processes: results, Ctrl-C and --resume. */
import * as fs from "node:fs"
import { join } from "node:path"
import { expect, layer } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import {
  apiKey,
  concurrent,
  emulatorEnv,
  jsonLinesOf,
  linesOf,
  run,
  runHere,
  start,
  temporaryDirectory
} from "./support.js"

const customers = 1000

/** Waits for rows of a running export. */
const untilWritten = (file: string) =>
  Effect.sync(() => fs.existsSync(file) && fs.statSync(file).size > 0).pipe(
    Effect.repeat({ until: (isWritten) => isWritten, schedule: Schedule.spaced("20 millis") }),
    Effect.timeout("10 seconds")
  )

const exportTo = (...args: ReadonlyArray<string>) => ["export", "customers", ...args]

layer(Emulator.layer({ customers }), { excludeTestServices: true })("bulk", (it) => {
  it.scoped(
    "exports to a file that verify accepts",
    () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator.Emulator
        const cwd = yield* temporaryDirectory
        const { code, stderr, stdout } = yield* runHere(exportTo("--out", "c.ndjson"), { cwd })
        expect(stderr.replaceAll(/^[\d,]+ customers {2}.*\n/gm, "")).toBe("")
        expect(jsonLinesOf(stdout)).toEqual([
          expect.objectContaining({
            to: join(cwd, "c.ndjson"),
            format: "ndjson",
            rows: customers,
            pages: 10,
            retries: 0
          })
        ])
        expect(code).toBe(0)
        const ids = (yield* emulator.customers).map(({ expressCustomerId }) => expressCustomerId)
        const lines = jsonLinesOf(fs.readFileSync(join(cwd, "c.ndjson"), "utf8"))
        expect(lines.map((line) => line["expressCustomerId"])).toEqual(ids)
        expect(fs.readdirSync(cwd)).toEqual(["c.ndjson", "c.ndjson.manifest.json"])

        const whole = yield* run(["verify", "c.ndjson"], { cwd })
        expect(jsonLinesOf(whole.stdout)[0]).toMatchObject({ verified: true, rows: customers })
        fs.appendFileSync(join(cwd, "c.ndjson"), "x")
        const changed = yield* run(["verify", "c.ndjson"], { cwd })
        expect(changed.stderr).toMatch(/^avara: c\.ndjson differs from its manifest: bytes: .*sha256: .*\n$/)
        expect(changed).toMatchObject({ code: 10, stdout: "" })
      }),
    concurrent
  )

  it.scoped(
    "exports to CSV, Parquet and SQLite",
    () =>
      Effect.gen(function* () {
        const cwd = yield* temporaryDirectory
        const options = { cwd }
        const [csv, parquet, sqlite, quiet] = yield* Effect.all(
          [
            runHere(exportTo("--out", "c.csv", "--metadata", "columns", "--active", "--table"), options),
            runHere(exportTo("--out", "c.parquet", "--since", "2016-01-01"), options),
            runHere(exportTo("--to", "sqlite:db/c.db", "--rate", "600/s"), options),
            runHere(exportTo("--out", "q", "--format", "csv", "--quiet"), options)
          ],
          { concurrency: 2 }
        )
        expect(csv.stdout).toMatch(/^Exported [\d,]+ customers to \S+c\.csv\n( {2}[a-z0-9 ]+ {2}.+\n)+$/)
        expect(csv.stdout).toContain("filtered out")
        expect(fs.readFileSync(join(cwd, "c.csv"), "utf8")).toMatch(/^expressCustomerId,.*,metadata\.region,/)
        expect(jsonLinesOf(parquet.stdout)[0]).toMatchObject({ format: "parquet" })
        expect(jsonLinesOf(sqlite.stdout)[0]).toMatchObject({
          to: "avara_customers of sqlite:db/c.db",
          rows: customers
        })
        expect(fs.existsSync(join(cwd, "db/c.db"))).toBe(true)
        expect(quiet).toEqual({ code: 0, stdout: "", stderr: "" })
      }),
    concurrent
  )

  it.scoped(
    "stops at the end of a page on Ctrl-C, and the command that it prints continues to the same bytes",
    () =>
      Effect.gen(function* () {
        const cwd = yield* temporaryDirectory
        const env = yield* emulatorEnv
        yield* runHere(exportTo("--out", "whole.ndjson"), { cwd })
        const args = exportTo("--out", "it's.ndjson", "--rate", "4/s")
        const { child, ended } = yield* start(args, { cwd, env })
        yield* untilWritten(join(cwd, ".it's.ndjson.avara/rows"))
        child.kill("SIGINT")
        const { code, stderr, stdout } = yield* ended
        expect(linesOf(stderr)).toEqual([
          "Stopping at the end of the page; press Ctrl-C again to stop immediately.",
          expect.stringMatching(/^Stopped after \d+00 customers in \d pages?\. To continue:$/),
          "  avara export customers --out 'it'\\''s.ndjson' --rate 4/s --resume"
        ])
        expect([code, stdout]).toEqual([130, ""])

        const refused = yield* runHere(exportTo("--out", "it's.ndjson"), { cwd })
        expect(refused.code).toBe(10)
        expect(linesOf(refused.stderr).slice(1)).toEqual([
          "To continue it:",
          "  avara export customers --out 'it'\\''s.ndjson' --resume",
          "To discard it and start again:",
          "  avara export customers --out 'it'\\''s.ndjson' --discard"
        ])
        const resumed = yield* runHere([...args, "--rate", "600/s"].slice(0, 4).concat("--resume"), { cwd })
        expect(resumed.code).toBe(0)
        expect(fs.readFileSync(join(cwd, "it's.ndjson"))).toEqual(fs.readFileSync(join(cwd, "whole.ndjson")))
      }),
    concurrent
  )

  it.scoped(
    "keeps the exported rows if SIGTERM ends it",
    () =>
      Effect.gen(function* () {
        const cwd = yield* temporaryDirectory
        const { child, ended, until } = yield* start(exportTo("--out", "c.csv", "--rate", "2/s"), {
          cwd,
          env: yield* emulatorEnv
        })
        yield* untilWritten(join(cwd, ".c.csv.avara/rows"))
        child.kill("SIGTERM")
        yield* until(/To continue:/)
        expect(yield* ended).toMatchObject({ code: 143 })
        const resumed = yield* runHere(exportTo("--out", "c.csv", "--resume"), { cwd })
        expect(jsonLinesOf(resumed.stdout)[0]).toMatchObject({ rows: customers })
      }),
    concurrent
  )

  it.scoped(
    "does not continue the list of another account",
    () =>
      Effect.gen(function* () {
        const cwd = yield* temporaryDirectory
        const { child, ended } = yield* start(exportTo("--out", "c.csv", "--rate", "2/s"), {
          cwd,
          env: yield* emulatorEnv
        })
        yield* untilWritten(join(cwd, ".c.csv.avara/rows"))
        child.kill("SIGINT")
        yield* ended
        const other = { AVARA_API_KEY: `sk_live_${"f".repeat(32)}` }
        const { code, stderr } = yield* runHere(exportTo("--out", "c.csv", "--resume"), { cwd, env: other })
        expect(linesOf(stderr)).toEqual([
          expect.stringMatching(/^avara: .*source was .*/),
          "Repeat the options of the unfinished export, or discard it and start again:",
          "  avara export customers --out c.csv --discard"
        ])
        expect(code).toBe(10)
        expect(stderr + fs.readFileSync(join(cwd, ".c.csv.avara/checkpoint.json"), "utf8")).not.toContain(apiKey)
      }),
    concurrent
  )
})

layer(Emulator.layer(), { excludeTestServices: true })("files of rows", (it) => {
  it.scoped(
    "imports customers, and runs bulk operations on them",
    () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator.Emulator
        const cwd = yield* temporaryDirectory
        const write = (name: string, lines: ReadonlyArray<string>) =>
          fs.writeFileSync(join(cwd, name), lines.map((line) => `${line}\n`).join(""))
        const options = { cwd }
        write("new.csv", ["expressCustomerName,metadata.region", "First,north", "Second,south", ",nowhere"])

        const dry = yield* runHere(["import", "customers", "new.csv", "--dry-run", "--table"], options)
        expect(dry.stdout).toMatch(
          /^Checked new\.csv; nothing was sent\n {2}rows +3\n {2}to do +2\n {2}done earlier +0\n {2}rejected +1, see new\.csv\.rejects\.ndjson\n/
        )
        expect([dry.code, yield* emulator.count]).toEqual([5, 0])

        const imported = yield* runHere(["import", "customers", "new.csv"], options)
        expect(jsonLinesOf(imported.stdout)[0]).toMatchObject({
          rows: 3,
          done: 2,
          skipped: 0,
          rejected: 1,
          dryRun: false
        })
        expect(jsonLinesOf(fs.readFileSync(join(cwd, "new.csv.rejects.ndjson"), "utf8"))[0]).toMatchObject({ line: 4 })
        expect([imported.code, yield* emulator.count]).toEqual([5, 2])

        const again = yield* runHere(["import", "customers", "new.csv"], options)
        expect(again.code).toBe(10)
        expect(again.stderr).toMatch(/To continue:\n {2}avara import customers new\.csv --resume\n$/)
        const resumed = yield* runHere(["import", "customers", "new.csv", "--resume"], options)
        expect(jsonLinesOf(resumed.stdout)[0]).toMatchObject({ done: 0, skipped: 2 })
        expect(yield* emulator.count).toBe(2)

        const ids = (yield* emulator.customers).map(({ expressCustomerId }) => expressCustomerId)
        const userId = "usr_1234567890abcdef1234567890abcdef"
        write("users.csv", ["expressCustomerId,userId", ...ids.map((id) => `${id},${userId}`)])
        write("ids.csv", ["expressCustomerId", ...ids])
        const runs = [
          ["add-users", "users.csv"],
          ["remove-users", "users.csv"],
          ["deactivate", "ids.csv"],
          ["reactivate", "ids.csv"]
        ] as const
        for (const [operation, file] of runs) {
          fs.copyFileSync(join(cwd, file), join(cwd, `${operation}.csv`))
          const { code, stdout } = yield* runHere(["bulk", operation, `${operation}.csv`], options)
          expect([operation, code, jsonLinesOf(stdout)[0]]).toEqual([
            operation,
            0,
            expect.objectContaining({ done: 2 })
          ])
          const states = (yield* emulator.customers).map(({ isActive, userCount }) => [isActive, userCount])
          const [isActive, users] = [operation !== "deactivate", operation === "add-users" ? 1 : 0]
          expect(states).toEqual([
            [isActive, users],
            [isActive, users]
          ])
        }
      }),
    30_000
  )
})
