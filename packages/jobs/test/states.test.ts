import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as fc from "effect/FastCheck"
import { isEnded, type Job, type State } from "../src/Job.js"
import { Jobs } from "../src/Jobs.js"
import { clinics, MemoryClient, run } from "./client.js"

/** The statements of a worker, each one only in the states that allow it. */
const worker = {
  begin: "UPDATE avara_jobs SET state = 'running' WHERE id = ? AND state = 'queued'",
  send: `UPDATE avara_job_rows SET state = 'sent', attempt = attempt + 1
    WHERE job_id = ? AND state = 'pending' AND (SELECT state FROM avara_jobs WHERE id = job_id) = 'running'`,
  refuse: `UPDATE avara_job_rows SET state = 'rejected', issues = '[{"path":[],"message":"no"}]'
    WHERE job_id = ? AND state = 'sent'`,
  finish: "UPDATE avara_job_rows SET state = 'done' WHERE job_id = ? AND state = 'sent'",
  finishOne: "UPDATE avara_job_rows SET state = 'done' WHERE job_id = ? AND state = 'sent' AND line = 2",
  fail: `UPDATE avara_jobs SET state = 'failed', failure = '{"tag":"Forbidden","message":"no"}', ended_at = 1
    WHERE id = ? AND state = 'running'`,
  end: `UPDATE avara_jobs SET state = CASE state WHEN 'running' THEN 'done' ELSE 'cancelled' END, ended_at = 1
    WHERE id = ? AND state IN ('running', 'cancelling')
      AND NOT EXISTS (SELECT 1 FROM avara_job_rows WHERE job_id = avara_jobs.id
        AND (state = 'sent' OR (state = 'pending' AND avara_jobs.state = 'running')))`
} as const

type Step = keyof typeof worker

/** Sequences of a worker's steps, which random steps would rarely form. */
const work: Readonly<Record<string, ReadonlyArray<Step>>> = {
  begins: ["begin"],
  sends: ["begin", "send"],
  fails: ["begin", "fail"],
  failsAmid: ["begin", "send", "fail"],
  settles: ["finish", "end"],
  isRefused: ["begin", "send", "refuse", "end"],
  doesHalf: ["begin", "send", "finishOne", "refuse", "end"]
}

const isAction = (step: string): step is "cancel" | "retry" => step === "cancel" || step === "retry"

const steps = fc.array(fc.oneof(fc.constantFrom("cancel", "retry"), fc.constantFrom(...Object.keys(work))), {
  minLength: 20,
  maxLength: 20
})

/** The states queued, running, cancelling, cancelled, failed and done. */
const askedStates = 6

const refusedByServer = ({ state, progress }: Job): boolean => state === "done" && progress.rejected > 0

/** The states that an action may lead to; none where it is not possible. */
const allowed = (action: "cancel" | "retry", job: Job): ReadonlyArray<State> => {
  if (action === "retry") {
    return job.state === "failed" || job.state === "cancelled" || refusedByServer(job) ? ["queued"] : []
  }
  if (job.state === "queued") return job.progress.sent > 0 ? ["cancelling"] : ["cancelled"]
  return job.state === "running" || job.state === "cancelling" ? ["cancelling"] : []
}

const check = (
  action: "cancel" | "retry",
  before: Job,
  result: Either.Either<Job, unknown> | undefined,
  after: Job
) => {
  const states = allowed(action, before)
  if (states.length === 0) {
    expect(result).toMatchObject({ left: { _tag: "NotPossible", id: before.id, action, state: before.state } })
    return expect(after).toEqual(before)
  }
  expect(result).toEqual(Either.right(after))
  expect(states).toContain(after.state)
  expect(after.run).toBe(before.run + (action === "retry" ? 1 : 0))
  expect(after.progress.done).toBe(before.progress.done)
  if (action === "retry") expect(after.failure).toBeUndefined()
}

it.scoped("cancel and retry always leave a job in an allowed state", () =>
  Effect.gen(function* () {
    const { cancel, retry, status, submitImport } = yield* Jobs
    const file = yield* clinics(2)
    const asked = new Set<string>()
    for (const [index, sequence] of fc.sample(fc.noBias(steps), { numRuns: 10, seed: 16 }).entries()) {
      let job = yield* Effect.flatMap(submitImport({ file, keyName: `key ${index}` }), status)
      for (const step of sequence) {
        const before = job
        const result = isAction(step) ? yield* Effect.either({ cancel, retry }[step](job.id)) : undefined
        for (const each of work[step] ?? []) yield* run(worker[each], job.id)
        job = yield* status(job.id)
        if (isAction(step)) {
          asked.add(`${step} ${before.state}`)
          check(step, before, result, job)
        }
        const { endedAt, progress } = job
        expect(endedAt !== undefined).toBe(isEnded(job))
        expect(progress.pending + progress.sent + progress.done + progress.rejected).toBe(progress.total)
      }
    }
    expect(Array.from(asked)).toHaveLength(2 * askedStates)
  }).pipe(Effect.provide(MemoryClient))
)
