/**
 * Measures durable jobs on a real PostgreSQL: `pnpm bench:jobs`, with the names of the measurements (`throughput`, `large`, `submit`),
 * or all by default. The server takes 20 ms per request.
 */
import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as SqlClient from "@effect/sql/SqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import type { JobId } from "@effect-avara/jobs/Job"
import * as Jobs from "@effect-avara/jobs/Jobs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type PostgresServer, postgresServer } from "../export/postgres.js"
import { directory } from "../export/support.js"
import { createDatabase, make, type Stage } from "../jobs/stage.js"
import { importing } from "../jobs/work.js"
import bundlePrograms from "../support/bundlePrograms.js"
import { peakMemory } from "./peakMemory.js"

const line = (cells: ReadonlyArray<string | number>): void => console.log(`| ${cells.join(" | ")} |`)

const megabytes = (bytes: number): number => Math.round(bytes / 1e6)

interface Point {
  readonly at: number
  readonly rows: number
  /** The memory of each runner, in bytes. */
  readonly memory: ReadonlyArray<number>
}

const memoryOf = (pid: number): number => {
  const [, kibibytes = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8")) ?? []
  return Number(kibibytes) * 1024
}

/** Polls a job until it has no row left. */
const followed = (stage: Stage, id: JobId, rows: number, everyMillis: number) =>
  Effect.gen(function* () {
    const work = importing(rows)
    const total = yield* work.total(stage)
    const points: Array<Point> = []
    const began = performance.now()
    while ((points.at(-1)?.rows ?? 0) < total) {
      const rows = yield* work.progress(stage, id)
      const memory = stage.runners.map(({ running }) => memoryOf(running().pid))
      points.push({ at: performance.now() - began, rows, memory })
      yield* Effect.sleep(everyMillis)
    }
    return points
  })

/** The rows per second between two fractions of a job. */
const rateOf = (points: ReadonlyArray<Point>, from: number, to: number): number => {
  const all = points.at(-1)?.rows ?? 0
  const first = points.find(({ rows }) => rows >= from * all)
  const last = points.find(({ rows }) => rows >= to * all)
  if (first === undefined || last === undefined || last.at === first.at) return Number.NaN
  return (1000 * (last.rows - first.rows)) / (last.at - first.at)
}

const stageOf = (
  postgres: PostgresServer,
  name: string,
  runners: number,
  settings: Readonly<Record<string, unknown>>
) => make(postgres, name, { runners, settings, customers: 0, faults: [{ type: "delay", millis: 20 }], isNear: true })

const rate = (postgres: PostgresServer, runners: number, slots: number) =>
  Effect.scoped(
    Effect.gen(function* () {
      const rows = 500 * runners * Math.min(slots, 4)
      const stage = yield* stageOf(postgres, `rate_${runners}_${slots}`, runners, { slots })
      const id = yield* importing(rows).submit(stage)
      return rateOf(yield* followed(stage, id, rows, 100), 0.2, 0.8)
    })
  )

const throughput = (postgres: PostgresServer) =>
  Effect.gen(function* () {
    console.log("\nRows a second at 1, 2 and 3 runners\n")
    line(["Slots of a runner", "1 runner", "2 runners", "3 runners", "3 runners / 1"])
    line(["--:", "--:", "--:", "--:", "--:"])
    for (const slots of [1, 2, 4, 8]) {
      const rates = yield* Effect.forEach([1, 2, 3], (runners) => rate(postgres, runners, slots))
      const [one = Number.NaN, , three = Number.NaN] = rates
      line([slots, ...rates.map((rate) => rate.toFixed(0)), (three / one).toFixed(2)])
    }
  })

/** The bytes of each table with its indexes. */
const sizes = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql<{ name: string; bytes: string }>`SELECT relname AS name, pg_total_relation_size(oid) AS bytes
    FROM pg_class WHERE relkind = 'r' AND relname LIKE 'avara%' ORDER BY relname`
)

const largeRows = 50_000

const large = (postgres: PostgresServer) =>
  Effect.scoped(
    Effect.gen(function* () {
      const stage = yield* stageOf(postgres, "large", 3, {})
      const id = yield* importing(largeRows).submit(stage)
      const before = yield* Effect.provide(sizes, stage.client)
      const points = yield* followed(stage, id, largeRows, 1000)
      console.log(`\n${largeRows} rows with 3 runners: ${((points.at(-1)?.at ?? 0) / 1000).toFixed(0)} s\n`)
      console.log("Memory of the runners in MB:")
      for (const part of [0.1, 0.25, 0.5, 0.75, 1]) {
        const point = points.find(({ rows }) => rows >= part * largeRows)
        console.log(`  at ${100 * part} %: ${point?.memory.map(megabytes).join(", ")}`)
      }
      console.log("\nTables in MB, before and after:")
      for (const { bytes, name } of yield* Effect.provide(sizes, stage.client)) {
        const first = before.find((table) => table.name === name)?.bytes ?? 0
        console.log(`  ${name}: ${megabytes(Number(first))}, ${megabytes(Number(bytes))}`)
      }
    })
  )

const submittedRows = 500_000

/** The time from a file to a queued job, and the memory of the process that submits it. */
const submit = (postgres: PostgresServer) =>
  Effect.scoped(
    Effect.gen(function* () {
      const folder = yield* directory
      const file = path.join(folder, "rows.csv")
      const names = Array.from({ length: submittedRows }, (_, index) => `Matrix ${index}`)
      fs.writeFileSync(file, ["expressCustomerName", ...names, ""].join("\n"))
      const url = yield* createDatabase(postgres.url, "submit")
      const args = [...process.execArgv, fileURLToPath(import.meta.url), "submitter", url, file]
      console.log(
        `\n${submittedRows} rows submitted:`,
        execFileSync(process.execPath, args, { encoding: "utf8" }).trim()
      )
    })
  )

const submitter = (url: string, file: string) =>
  Effect.gen(function* () {
    const began = performance.now()
    yield* Effect.flatMap(Jobs.Jobs, ({ submitImport }) => submitImport({ file }))
    const took = (performance.now() - began) / 1000
    const { system, user } = process.cpuUsage()
    console.log(
      `${took.toFixed(1)} s, ${((system + user) / 1e6).toFixed(1)} s of a processor, ${megabytes(peakMemory())} MB`
    )
  }).pipe(
    Effect.provide([
      Layer.provide(Jobs.layerClient, PgClient.layer({ url: Redacted.make(url) })),
      NodeFileSystem.layer,
      NodePath.layer
    ])
  )

const scenarios = { throughput, large, submit }

const measure = (names: ReadonlyArray<string>) =>
  Effect.scoped(
    Effect.gen(function* () {
      yield* Effect.acquireRelease(Effect.promise(bundlePrograms), (remove) => Effect.sync(remove))
      const postgres = yield* postgresServer
      for (const [name, run] of Object.entries(scenarios)) {
        if (names.length === 0 || names.includes(name)) yield* run(postgres)
      }
    })
  )

const [first, ...rest] = process.argv.slice(2)

const [url = "", file = ""] = rest

await Effect.runPromise(
  first === "submitter" ? submitter(url, file) : measure(first === undefined ? [] : [first, ...rest])
)
