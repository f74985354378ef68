import { expect, it } from "@effect/vitest"
import type { AvaraError } from "@effect-avara/core/AvaraError"
import { OutcomeUnknown, TimedOut } from "@effect-avara/core/AvaraError"
import { Customers } from "@effect-avara/core/Customers"
import type { RateLimiterService } from "@effect-avara/core/RateLimiter"
import type { Outcome, Work } from "@effect-avara/export/Work"
import { JobId } from "@effect-avara/jobs/Job"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import { open } from "../../src/internal/database/database.js"
import * as sqlite from "../../src/internal/database/sqlite.js"
import { doBatch, type Worker } from "../../src/internal/rows/batch.js"
import { type Claimed, makeClaims } from "../../src/internal/rows/claims.js"
import { settle } from "../../src/internal/rows/settle.js"
import { makeGate } from "../../src/internal/run/gate.js"
import { makeRuns } from "../../src/internal/run/runs.js"
import { makeSamples } from "../../src/internal/run/samples.js"
import { emulated, names } from "../support.js"

const job = { id: JobId.make(`job_${"0".repeat(32)}`), run: 1 }

const workOf = (
  perform: Work<string, AvaraError, never>["perform"],
  resend: "safe" | "settle" = "settle"
): Work<string, AvaraError, never> => ({
  operation: "nothing",
  required: [],
  decode: (fields) => (fields["bad"] ? Either.left([{ path: [], message: "bad" }]) : Either.right("value")),
  identity: () => Option.none(),
  identityName: "",
  keyOf: () => "",
  resend,
  settle: Duration.zero,
  look: () => Effect.succeed(new Map()),
  perform
})

/** Creates a running job with rows, and claims some of them. */
const stage = (rows: number, slots = 8) =>
  Effect.gen(function* () {
    const database = yield* open
    const { sql } = database
    yield* sql`INSERT INTO avara_jobs (id, kind, subject, payload, unique_key, state, run, submitted_at, changed_at)
      VALUES (${job.id}, 'import', '', '', '', 'running', 1, 0, 0)`
    for (let line = 1; line <= rows; line++)
      yield* sql`INSERT INTO avara_job_rows (job_id, line, fields, row_key, state, attempt)
        VALUES (${job.id}, ${line}, '{}', '', 'pending', 0)`
    const worker: Worker = {
      database,
      claims: makeClaims(database),
      runs: makeRuns(database),
      samples: makeSamples(database),
      gate: yield* makeGate,
      slots: yield* Effect.makeSemaphore(slots),
      lease: Duration.seconds(10),
      limiter: undefined
    }
    const states = Effect.map(sql<{ state: string }>`SELECT state FROM avara_job_rows ORDER BY line`, (rows) =>
      rows.map(({ state }) => state)
    )
    return { worker, states, claim: worker.claims.claim(job, rows, 10_000) }
  })

type Stage = Effect.Effect.Success<ReturnType<typeof stage>>

const run = (
  { worker }: Stage,
  work: Work<string, AvaraError, never>,
  rows: ReadonlyArray<Claimed>,
  since = () => 0,
  isHere = () => true
) => doBatch(worker, { job, isHere }, work, { rows, turn: { _tag: "Open" }, since })

const done: Outcome = { _tag: "Done", id: "cus_1" }

const unknown = new OutcomeUnknown({ operation: "customers.create", attempts: 1, reason: "ConnectionFailed" })

const provide = Effect.provide(sqlite.layer({ file: ":memory:" }))

it.scoped("releases the rows that are not started if a worker wakes up after their lease", () =>
  Effect.gen(function* () {
    const staged = yield* stage(3, 1)
    let passed = 0
    const work = workOf(() =>
      Effect.sync(() => {
        passed = 25_000
        return done
      })
    )
    expect(yield* run(staged, work, yield* staged.claim, () => passed)).toBe(1)
    expect(yield* staged.states).toEqual(["done", "pending", "pending"])
  }).pipe(provide)
)

it.scoped("does not send a row whose turn is after the end of the lease because the machine slept", () =>
  Effect.gen(function* () {
    const staged = yield* stage(1)
    let passed = 0
    const limit: RateLimiterService["limit"] = (attempt) =>
      Effect.suspend(() => {
        passed = 25_000
        return attempt
      })
    const worker = { ...staged.worker, limiter: { limit, report: () => Effect.void } }
    const { create } = yield* Customers
    const work = workOf(() => Effect.as(create({ expressCustomerName: "Clinic" }), done))
    const doing = yield* Effect.fork(run({ ...staged, worker }, work, yield* staged.claim, () => passed))
    yield* Effect.repeat(TestClock.adjust("1 second"), { times: 10 })
    yield* Fiber.join(doing)
    expect(yield* names).toEqual([])
    expect(yield* staged.states).toEqual(["pending"])
  }).pipe(provide, Effect.provide(emulated()))
)

it.scoped("does not store the outcome of a row that another worker has taken over", () =>
  Effect.gen(function* () {
    const staged = yield* stage(1)
    const first = yield* staged.claim
    yield* staged.worker.claims.record(job.id, [{ _tag: "Back", line: 1, attempt: 1, wasSent: true }])
    const [second] = yield* staged.claim
    expect(second).toMatchObject({ attempt: 2, wasSent: true })
    yield* run(
      staged,
      workOf(() => Effect.succeed(done)),
      first
    )
    expect(yield* staged.states).toEqual(["sent"])
  }).pipe(provide)
)

it.scoped("keeps a row as sent if its response was lost, and releases the rows that were not sent", () =>
  Effect.gen(function* () {
    const staged = yield* stage(3)
    const outcomes = [
      Effect.succeed<Outcome>({ _tag: "Unsure", error: unknown }),
      Effect.fail(
        new TimedOut({ operation: "customers.create", attempts: 0, scope: "call", limit: Duration.seconds(1) })
      ),
      Effect.die("a bug")
    ]
    const work = workOf(({ line }) => outcomes[line - 1] ?? Effect.succeed(done))
    yield* run(staged, work, yield* staged.claim)
    expect(yield* staged.states).toEqual(["sent", "pending", "sent"])
    expect(yield* staged.worker.runs.standing(job)).toBe("failing")
  }).pipe(provide)
)

it.scoped("starts no row while the worker stops or the API is down", () =>
  Effect.gen(function* () {
    const staged = yield* stage(12, 1)
    const rows = yield* staged.claim
    let here = 1
    yield* run(
      staged,
      workOf(() => Effect.succeed(done)),
      rows.slice(0, 4),
      undefined,
      () => here-- > 0
    )
    expect((yield* staged.states).filter((state) => state === "done")).toHaveLength(1)
    const work = workOf(() => Effect.succeed({ _tag: "Unsure", error: unknown }))
    expect(yield* run(staged, work, rows.slice(4))).toBe(3)
    expect(yield* staged.worker.gate.enter).toMatchObject({ _tag: "Closed" })
  }).pipe(provide)
)

it.scoped("looks for a refused row that may be done because it was sent before", () =>
  Effect.gen(function* () {
    const staged = yield* stage(2)
    const { claims } = staged.worker
    yield* staged.claim
    yield* claims.record(
      job.id,
      [1, 2].map((line) => ({ _tag: "Back", line, attempt: 1, wasSent: true }))
    )
    const work: Work<string, AvaraError, never> = {
      ...workOf(() => Effect.succeed({ _tag: "Rejected", issues: [{ path: [], message: "exists" }] })),
      look: () => Effect.succeed(new Map([[1, "cus_1"]]))
    }
    yield* run(staged, work, yield* staged.claim)
    expect(yield* staged.states).toEqual(["sent", "sent"])
    yield* settle(staged.worker, job, work, "running")
    expect(yield* staged.states).toEqual(["done", "rejected"])
    const { sql } = staged.worker.database
    expect(yield* sql`SELECT customer_id, issues FROM avara_job_rows ORDER BY line`).toEqual([
      { customer_id: "cus_1", issues: null },
      { customer_id: null, issues: '[{"path":[],"message":"exists"}]' }
    ])
  }).pipe(provide)
)

it.scoped("rejects a row whose stored fields were edited, and does the others", () =>
  Effect.gen(function* () {
    const staged = yield* stage(4)
    const { sql } = staged.worker.database
    yield* sql`UPDATE avara_job_rows SET fields = CASE line WHEN 1 THEN '{' WHEN 2 THEN 'null' ELSE '[]' END WHERE line < 4`
    yield* run(
      staged,
      workOf(() => Effect.succeed(done)),
      yield* staged.claim
    )
    expect(yield* staged.states).toEqual(["rejected", "rejected", "rejected", "done"])
    expect(yield* staged.worker.runs.standing(job)).toBe("running")
  }).pipe(provide)
)

it.scoped("waits at most an hour for a row that was sent before the clock of the database was set back", () =>
  Effect.gen(function* () {
    const { claim, worker } = yield* stage(1)
    const { database, claims } = worker
    yield* claim
    yield* database.sql`UPDATE avara_job_rows SET lease_until = lease_until + ${10 * 365 * 24 * 3_600_000}`
    expect(yield* claims.untilLost(job.id, 0)).toBeLessThanOrEqual(3_600_000)
  }).pipe(provide)
)
