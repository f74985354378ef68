import { expect, it } from "@effect/vitest"
import { JobId } from "@effect-avara/jobs/Job"
import * as Effect from "effect/Effect"
import { open } from "../../src/internal/database/database.js"
import * as sqlite from "../../src/internal/database/sqlite.js"
import { makeSamples } from "../../src/internal/run/samples.js"

const id = JobId.make(`job_${"0".repeat(32)}`)

it.scopedLive("keeps about 500 samples of a job: the newest ones, and fewer of the older ones", () =>
  Effect.gen(function* () {
    const database = yield* open
    const { sql } = database
    yield* sql`INSERT INTO avara_jobs (id, kind, subject, payload, unique_key, state, run, submitted_at, changed_at)
      VALUES (${id}, 'import', '', '', '', 'running', 1, 0, 0)`
    yield* sql`WITH RECURSIVE times (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM times WHERE n < 600)
      INSERT INTO avara_job_samples (job_id, at, done, rejected) SELECT ${id}, n, n, 0 FROM times`
    yield* makeSamples(database).all
    const rows = yield* sql<{ at: number }>`SELECT at FROM avara_job_samples WHERE job_id = ${id} ORDER BY at`
    expect(rows.length).toBeLessThan(400)
    expect(rows.slice(0, 3)).toEqual([{ at: 1 }, { at: 3 }, { at: 5 }])
    expect(rows.slice(-100, -1).map(({ at }) => at)).toEqual(Array.from({ length: 99 }, (_, i) => 502 + i))
  }).pipe(Effect.provide(sqlite.layer({ file: ":memory:" })))
)
