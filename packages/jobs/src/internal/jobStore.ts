import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { isEnded, Job, JobId, type Kind, type State } from "../Job.js"
import { AlreadySubmitted, JobNotFound } from "../JobError.js"
import { type Database, orRefused, transaction } from "./database.js"
import { decode, decodeJob, Payload } from "./stored.js"
import { traceparent } from "./trace.js"

/** A job that does not exist yet. @internal */
export interface NewJob {
  readonly subject: string
  /** What the job is, beside its rows. */
  readonly work: Payload
  /** What no other job may have: for ever if it is an import, until the job has ended if it is another one. */
  readonly uniqueKey: string
  /** `preparing` while its rows are written. */
  readonly state: "preparing" | "queued"
  /** The schedule that submits it. */
  readonly schedule?: string | undefined
}

const makeId = Effect.sync(() => JobId.make(`job_${randomUUID().replaceAll("-", "")}`))

const Holder = Job.pick("id", "subject", "state")

/** Gives a job its key, which no other job has then; within a transaction. @internal */
export const takeKey = ({ dialect, sql }: Database, key: string, job: Pick<Job, "id" | "kind" | "subject">) =>
  Effect.gen(function* () {
    const { id, kind, subject } = job
    const taken = yield* sql`INSERT INTO avara_job_keys (unique_key, job_id) VALUES (${key}, ${id})
      ON CONFLICT (unique_key) DO NOTHING RETURNING job_id`
    if (taken.length === 1) return
    // Locked, so that the holder cannot be retried before this transaction ends.
    const [row] = yield* sql<{ job_id: string }>`SELECT job_id FROM avara_job_keys
      WHERE unique_key = ${key} ${sql.literal(dialect === "pg" ? "FOR UPDATE" : "")}`
    const holderId = yield* decode(JobId, "avara_job_keys")(row?.job_id)
    if (holderId === id) return
    const [stored] = yield* sql`SELECT id, subject, state FROM avara_jobs WHERE id = ${holderId}`
    const holder = stored === undefined ? undefined : yield* decode(Holder, `the job ${holderId} in avara_jobs`)(stored)
    if (kind === "import" || (holder !== undefined && !isEnded(holder))) {
      return yield* new AlreadySubmitted(holder ?? { id: holderId, subject })
    }
    yield* sql`UPDATE avara_job_keys SET job_id = ${id} WHERE unique_key = ${key}`
  })

const encodePayload = Schema.encode(Payload)

/** Makes a job, or none if there is one already that does the same. @internal */
export const insert = (database: Database, { schedule, state, subject, uniqueKey, work }: NewJob) =>
  Effect.gen(function* () {
    const { now, sql } = database
    const id = yield* makeId
    const { kind, payload } = yield* Effect.orDie(encodePayload(work))
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

/** The job and its progress at one moment. */
const columns = ({ sql }: Database) => {
  const count = (state: string) =>
    sql`(SELECT COUNT(*) FROM avara_job_rows WHERE job_id = avara_jobs.id AND state = ${state})`
  return sql`id, kind, subject, payload, state, run, total, mirrored, waiting_for, failure, submitted_at, started_at, ended_at,
    ${count("pending")} AS pending, ${count("sent")} AS sent, ${count("done")} AS done, ${count("rejected")} AS rejected`
}

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

/** @internal */
export interface Filter {
  readonly state?: State | undefined
  readonly kind?: Kind | undefined
  readonly after?: JobId | undefined
}

/** The newest jobs first. @internal */
export const page = (database: Database, { after, kind, state }: Filter, limit: number) => {
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
