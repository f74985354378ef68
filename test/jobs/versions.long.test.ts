/** Workers that cannot read the engine's records from another version still continue the jobs. */
import * as SqlClient from "@effect/sql/SqlClient"
import { expect, layer } from "@effect/vitest"
import { Jobs } from "@effect-avara/jobs/Jobs"
import * as Chunk from "effect/Chunk"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { type PostgresServer, postgresServer } from "../export/postgres.js"
import { make } from "./stage.js"
import { importing } from "./work.js"

class Postgres extends Context.Tag("Postgres")<Postgres, PostgresServer>() {}

const work = importing(200)

/** Its name in another version. */
const renamed = (field: string) =>
  Effect.flatMap(
    SqlClient.SqlClient,
    (sql) => sql`UPDATE avara_engine_messages SET payload = replace(payload, ${`"${field}"`}, '"another"')`
  )

layer(Layer.scoped(Postgres, postgresServer), { excludeTestServices: true, timeout: 120_000 })(
  "a job that another version began",
  (it) => {
    const goesOn = (name: string, field: string) =>
      it.scoped(
        name,
        () =>
          Effect.gen(function* () {
            const faults = [{ type: "delay", millis: 50 }] as const
            const options = { runners: 1, customers: 0, faults, settings: { lease: "4 seconds" } }
            const stage = yield* make(yield* Postgres, `versions_${field}`, options)
            const jobs = Context.get(stage.client, Jobs)
            const id = yield* work.submit(stage)
            yield* Effect.repeat(work.progress(stage, id), { until: (rows) => rows > 50 })
            for (const { end } of stage.runners) yield* end("SIGKILL")
            yield* Effect.provide(renamed(field), stage.client)
            for (const { start } of stage.runners) yield* start
            const last = Option.getOrThrow(Chunk.last(yield* Stream.runCollect(jobs.watch(id))))
            expect(last).toMatchObject({ state: "done", run: 2 })
            expect(yield* work.problems(stage, last)).toEqual([])
            const said = stage.runners.map(({ running }) => running().said()).join()
            expect(said).toContain(`could not continue the job ${id}, which starts again as run 2`)
          }),
        { timeout: 90_000 }
      )

    goesOn("continues although its workflow cannot be read", "payload")
    goesOn("continues although the parts of its workflow cannot be read", "pass")
  }
)
