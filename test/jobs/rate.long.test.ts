import { spawn } from "node:child_process"
import * as SqlClient from "@effect/sql/SqlClient"
import * as PgClient from "@effect/sql-pg/PgClient"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { burst } from "../../packages/jobs/src/internal/worker/sharedRate.js"
import { postgres } from "../export/postgres.js"
import { program } from "../support/programs.js"

const rate = 50

const seconds = 20

const taking = (url: string) =>
  Effect.acquireRelease(
    Effect.sync(() =>
      spawn(process.execPath, [program("rateUser"), url, String(rate), String(seconds)], { stdio: "inherit" })
    ),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  ).pipe(
    Effect.flatMap((child) =>
      Effect.async<number | null>((resume) => {
        child.once("close", (code) => resume(Effect.succeed(code)))
      })
    )
  )

it.scopedLive("three processes together never send more than the rate", () =>
  Effect.gen(function* () {
    const url = yield* postgres
    yield* Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE UNLOGGED TABLE taken (at DOUBLE PRECISION DEFAULT extract(epoch FROM clock_timestamp()))`
      const codes = yield* Effect.all([taking(url), taking(url), taking(url)], { concurrency: "unbounded" })
      expect(codes).toEqual([0, 0, 0])
      const rows = yield* sql<{ at: number }>`SELECT at FROM taken ORDER BY at`
      const first = rows[0]?.at ?? 0
      for (const [index, { at }] of rows.entries()) {
        expect(index + 1).toBeLessThanOrEqual(rate * (at - first) + burst + 1)
      }
      const after = (from: number, to: number) => rows.filter(({ at }) => at >= first + from && at < first + to).length
      const middle = after(1, seconds - 1) / (seconds - 2)
      console.log(
        `three processes sent ${middle.toFixed(2)} a second of ${rate}, and ${after(0, 1)} in the first second`
      )
    }).pipe(Effect.provide(PgClient.layer({ url: Redacted.make(url) })))
  })
)
