import { randomUUID } from "node:crypto"
import type { SqlError } from "@effect/sql/SqlError"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { isEnded, Job, JobId } from "../../Job.js"
import { AlreadySubmitted, JobNotFound, type JobsDatabaseFailed } from "../../JobError.js"
import { countOf, sentOf } from "../database/counts.js"
import { type Database, orRefused, transaction } from "../database/database.js"
import { decode, decodeJob, JobWork } from "../database/stored.js"
import type { ListOptions } from "./options.js"
import { traceparent } from "./trace.js"

/** A job that does not exist yet. @internal */
export interface NewJob {
  readonly subject: string
  readonly work: JobWork
  /** The key that no other job may have: for an import forever, for other jobs until the job has ended. */
  readonly uniqueKey: string
  /** `preparing` while its rows are written. */
  readonly state: "preparing" | "queued"
  /** The schedule that submits it. */
  readonly schedule?: string | undefined
}

const makeId = Effect.sync(() => JobId.make(`job_${randomUUID().replaceAll("-", "")}`))

const Holder = Job.pick("id", "subject", "state")

type Taker = Pick<Job, "id" | "kind" | "subject">

/** Locks the key, so that its holder cannot be retried before this transaction ends. */
const lockKey = ({ dialect, sql }: Database, key: string) =>
  Effect.map(
    sql<{ job_id: string }>`SELECT job_id FROM avara_job_keys
      WHERE unique_key = ${key} ${sql.literal(dialect === "pg" ? "FOR UPDATE" : "")}`,
    ([row]) => row?.job_id
  )

const takeOver = ({ sql }: Database, key: string, holder: string, { id, kind, subject }: Taker) =>
  Effect.gen(function* () {
    const [stored] = yield* sql`SELECT id, subject, state FROM avara_jobs WHERE id = ${holder}`
    const job = stored === undefined ? undefined : yield* decode(Holder, `the job ${holder} in avara_jobs`)(stored)
    if (kind === "import" || (job !== undefined && !isEnded(job))) {
      return yield* new AlreadySubmitted(job ?? { id: yield* decode(JobId, "avara_job_keys")(holder), subject })
    }
    yield* sql`UPDATE avara_job_keys SET job_id = ${id} WHERE unique_key = ${key}`
  })

/** Assigns a job its key, unless another job has it. It must run in a transaction. @internal */
export const takeKey = (
  database: Database,
  key: string,
  job: Taker
): Effect.Effect<void, AlreadySubmitted | JobsDatabaseFailed | SqlError> =>
  Effect.gen(function* () {
    const { sql } = database
    const taken = yield* sql`INSERT INTO avara_job_keys (unique_key, job_id) VALUES (${key}, ${job.id})
      ON CONFLICT (unique_key) DO NOTHING RETURNING job_id`
    if (taken.length === 1) return
    const holder = yield* lockKey(database, key)
    // The holder may have released the key meanwhile.
    if (holder === undefined) return yield* takeKey(database, key, job)
    if (holder !== job.id) yield* takeOver(database, key, holder, job)
  })

const encodeWork = Schema.encode(JobWork)

/** Inserts a job, or fails if there already is a job that does the same. @internal */
export const insert = (database: Database, { schedule, state, subject, uniqueKey, work }: NewJob) =>
  Effect.gen(function* () {
    const { now, sql } = database
    const id = yield* makeId
    const { kind, payload } = yield* Effect.orDie(encodeWork(work))
    const trace = Option.getOrNull(yield* traceparent)
    const added = Effect.gen(function* () {
      yield* takeKey(database, uniqueKey, { id, kind, subject })
      yield* sql`INSERT INTO avara_jobs
          (id, kind, subject, payload, unique_key, state, run, trace, schedule, submitted_at, changed_at)
        VALUES (${id}, ${kind}, ${subject}, ${payload}, ${uniqueKey}, ${state}, 1, ${trace}, ${schedule ?? null}, ${now}, ${now})`
    })
    yield* transaction(database, added)
    return id
  })

/** The columns of a job and its progress, read in one statement. */
const columns = (database: Database) =>
  database.sql`id, kind, subject, payload, state, run, total, mirrored, waiting_for, failure, submitted_at, started_at, ended_at,
    ${countOf(database, "pending")} AS pending, ${sentOf(database)} AS sent, ${countOf(database, "done")} AS done,
    ${countOf(database, "rejected")} AS rejected`

const decodeId = Schema.decodeUnknownOption(JobId)

/** @internal */
export const parseId = (id: string): Effect.Effect<JobId, JobNotFound> =>
  Option.match(decodeId(id), {
    onNone: () => Effect.fail(new JobNotFound({ id: String(id) })),
    onSome: Effect.succeed
  })

/** @internal */
export const find = (database: Database, id: string) =>
  Effect.gen(function* () {
    const known = yield* parseId(id)
    const { sql } = database
    const [row] = yield* orRefused(sql`SELECT ${columns(database)} FROM avara_jobs WHERE id = ${known}`)
    return row === undefined ? yield* new JobNotFound({ id }) : yield* decodeJob(row)
  })

/** Returns a page of jobs, newest first. @internal */
export const page = (database: Database, { after, kind, state }: ListOptions, limit: number) => {
  const { sql } = database
  const only = [
    ...(kind === undefined ? [] : [sql`kind = ${kind}`]),
    ...(state === undefined ? [] : [sql`state = ${state}`]),
    ...(after === undefined
      ? []
      : [sql`(submitted_at, id) < (SELECT submitted_at, id FROM avara_jobs WHERE id = ${after})`])
  ]
  return sql`SELECT ${columns(database)} FROM avara_jobs WHERE ${sql.and(only)}
    ORDER BY submitted_at DESC, id DESC LIMIT ${limit}`.pipe(orRefused, Effect.flatMap(Effect.forEach(decodeJob)))
}
