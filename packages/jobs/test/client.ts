import * as fs from "node:fs"
import * as path from "node:path"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as sqlite from "../src/internal/database/sqlite.js"
import * as Jobs from "../src/Jobs.js"
import { directory, Platform } from "./support.js"

/** A file in a directory that is removed with the scope. */
export const fileWith = (name: string, lines: Iterable<string>) =>
  Effect.map(directory, (made) => {
    const file = path.join(made, name)
    fs.writeFileSync(file, Array.from(lines).join("\n"))
    return file
  })

/** A CSV file of `count` customers. */
export const clinics = (count: number, name = "clinics.csv") =>
  fileWith(name, ["expressCustomerName", ...Array.from({ length: count }, (_, index) => `Clinic ${index}`)])

/** A new SQLite file. */
export const Database = Layer.unwrapScoped(
  Effect.map(directory, (made) => sqlite.layer({ file: path.join(made, "jobs.db") }))
)

const clientOf = <E>(database: Layer.Layer<SqlClient.SqlClient, E>) =>
  Jobs.layerClient.pipe(Layer.provideMerge(database), Layer.merge(Platform))

/** The jobs in a SQLite file, without a worker, and its SQL client. */
export const Client = clientOf(Database)

/** The same as `Client`, in memory. */
export const MemoryClient = clientOf(sqlite.layer({ file: ":memory:" }))

export const all = <A, E, R>(stream: Stream.Stream<A, E, R>) =>
  Effect.map(Stream.runCollect(stream), Chunk.toReadonlyArray)

/** Runs a statement as a worker or another program would. */
export const run = (statement: string, ...values: ReadonlyArray<unknown>) =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => sql.unsafe<Record<string, unknown>>(statement, values))

/** Waits until the condition is true, or dies after 10 seconds with a message that contains `what`. */
export const eventually = <E, R>(what: string, condition: Effect.Effect<boolean, E, R>) =>
  condition.pipe(
    Effect.filterOrFail(
      (is) => is,
      () => what
    ),
    Effect.retry(Schedule.spaced("5 millis")),
    Effect.timeoutFail({ duration: "10 seconds", onTimeout: () => `timed out waiting for: ${what}` }),
    Effect.orDie
  )
