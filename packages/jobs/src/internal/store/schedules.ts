import type { Validation } from "@effect-avara/core/AvaraError"
import * as Issue from "@effect-avara/core/Issue"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { JobId, type Schedule } from "../../Job.js"
import { type AlreadySubmitted, type JobsDatabaseFailed, ScheduleRefused } from "../../JobError.js"
import { type Database, orRefused, transaction } from "../database/database.js"
import { MirrorPayload } from "../database/payload.js"
import { Count, decode, Time } from "../database/stored.js"
import { nextTick } from "./cron.js"
import type { ScheduleOptions } from "./options.js"
import { checkMirror, submitMirror } from "./submit.js"

const StoredPayload = Schema.parseJson(MirrorPayload)

const Stored = Schema.Struct({
  name: Schema.String,
  cron: Schema.String,
  zone: Schema.String,
  payload: StoredPayload,
  next_at: Time,
  last_job: Schema.NullOr(JobId)
})

const encodePayload = Schema.encodeSync(StoredPayload)

const columns = ({ sql }: Database) => sql`name, cron, zone, payload, next_at, last_job`

const toSchedule = ({ cron, last_job, name, next_at, payload, zone }: typeof Stored.Type): Schedule => ({
  name,
  cron,
  zone,
  ...payload,
  nextAt: next_at,
  ...(last_job === null ? {} : { lastJob: last_job })
})

const decodeSchedule = (row: unknown) => Effect.map(decode(Stored, "a row of avara_job_schedules")(row), toSchedule)

/** @internal */
export const list = (database: Database): Effect.Effect<ReadonlyArray<Schedule>, JobsDatabaseFailed> =>
  orRefused(database.sql`SELECT ${columns(database)} FROM avara_job_schedules ORDER BY name`).pipe(
    Effect.flatMap(Effect.forEach(decodeSchedule))
  )

const maxNameLength = 200

const isName = (name: string): boolean => name !== "" && name.length <= maxNameLength && !/\p{Cc}/u.test(name)

const refuse = (detail: string) => new ScheduleRefused({ detail })

const toRefused = ({ issues }: Validation) => refuse(Issue.format(issues))

const readNow = ({ now, sql }: Database) =>
  Effect.flatMap(
    orRefused(sql`SELECT ${now} AS now`),
    decode(Schema.Tuple(Schema.Struct({ now: Count })), "the time of the database")
  ).pipe(Effect.map(([{ now }]) => now))

/** Writes a schedule. Writing the same schedule again keeps its next tick. @internal */
export const put = (database: Database, { cron, name, table, verify = "none", zone = "UTC" }: ScheduleOptions) =>
  Effect.gen(function* () {
    const { sql } = database
    const known = name ?? `mirror:${table}`
    if (!isName(known))
      return yield* refuse(`name: expected 1 to ${maxNameLength} characters, none of them a control character`)
    const payload = yield* Effect.mapError(checkMirror(database.dialect, { table, verify }), toRefused)
    const nextAt = yield* Effect.mapError(nextTick(cron, zone, yield* readNow(database)), refuse)
    const rows = yield* orRefused(sql`INSERT INTO avara_job_schedules (name, cron, zone, payload, next_at)
      VALUES (${known}, ${cron}, ${zone}, ${encodePayload(payload)}, ${nextAt})
      ON CONFLICT (name) DO UPDATE SET cron = EXCLUDED.cron, zone = EXCLUDED.zone, payload = EXCLUDED.payload, next_at = CASE
        WHEN avara_job_schedules.cron = EXCLUDED.cron AND avara_job_schedules.zone = EXCLUDED.zone
        THEN avara_job_schedules.next_at ELSE EXCLUDED.next_at END
      RETURNING ${columns(database)}`)
    return yield* decodeSchedule(rows[0])
  })

/** @internal */
export const remove = ({ sql }: Database, name: string): Effect.Effect<void, ScheduleRefused | JobsDatabaseFailed> =>
  Effect.flatMap(orRefused(sql`DELETE FROM avara_job_schedules WHERE name = ${name} RETURNING name`), ([row]) =>
    row === undefined
      ? refuse("name: there is no schedule with this name; list the schedules to see their names")
      : Effect.void
  )

/** Moves a schedule from the tick that is due to the next one. If several workers try this, only one succeeds. */
const advance = ({ sql }: Database, { cron, name, nextAt, zone }: Schedule, to: number) =>
  Effect.map(
    sql`UPDATE avara_job_schedules SET next_at = ${to} WHERE name = ${name}
        AND next_at = ${DateTime.toEpochMillis(nextAt)} AND cron = ${cron} AND zone = ${zone} RETURNING name`,
    (rows) => rows.length === 1
  )

const submit = (database: Database, { name, table, verify }: Schedule) =>
  Effect.gen(function* () {
    const id = yield* submitMirror(database, { table, verify }, name)
    yield* database.sql`UPDATE avara_job_schedules SET last_job = ${id} WHERE name = ${name}`
    yield* Effect.logInfo(`The schedule ${name} submitted ${id}, a mirror in ${table}`)
  })

const skip =
  ({ name, table }: Schedule) =>
  (error: AlreadySubmitted | Validation) =>
    Effect.logWarning(
      error._tag === "AlreadySubmitted"
        ? `The schedule ${name} skips a tick: ${error.id}, which mirrors ${table}, has not ended`
        : `The schedule ${name} skips a tick: ${error.message}`
    )

/** Missed ticks count as one, because the next tick is after the current time. No tick is repeated if the clock was set back. */
const fire = (database: Database, now: number) => (schedule: Schedule) => {
  const after = Math.max(now, DateTime.toEpochMillis(schedule.nextAt))
  const fired = Effect.gen(function* () {
    const next = yield* Effect.mapError(nextTick(schedule.cron, schedule.zone, after), refuse)
    if (!(yield* advance(database, schedule, next))) return
    yield* Effect.catchTags(submit(database, schedule), {
      AlreadySubmitted: skip(schedule),
      Validation: skip(schedule)
    })
  })
  return transaction(database, fired)
}

/** A row that this version cannot read must not delay the other schedules or fill the log. */
const postpone = ({ sql }: Database, name: string, now: number, message: string) =>
  Effect.zipRight(
    Effect.logWarning(`The schedule ${name} cannot be read and will be tried again in a minute: ${message}`),
    orRefused(sql`UPDATE avara_job_schedules SET next_at = ${now + 60_000} WHERE name = ${name} AND next_at <= ${now}`)
  )

/**
 * Submits the jobs that are due, each one once, even if several workers ask. A tick is skipped if the last job has not ended. Of the ticks that pass
 * while no worker runs, only one is made up for.
 *
 * @internal
 */
export const fireDue = (database: Database): Effect.Effect<void, JobsDatabaseFailed> =>
  Effect.gen(function* () {
    const { sql } = database
    const now = yield* readNow(database)
    const due = yield* orRefused(
      sql<{ name: string }>`SELECT ${columns(database)} FROM avara_job_schedules WHERE next_at <= ${now}
        ORDER BY next_at, name`
    )
    for (const row of due) {
      yield* Effect.flatMap(decodeSchedule(row), fire(database, now)).pipe(
        Effect.catchTags({
          ScheduleRefused: ({ message }) => postpone(database, row.name, now, message),
          JobsDatabaseFailed: (error) =>
            error.reason === "damaged" ? postpone(database, row.name, now, error.message) : error
        })
      )
    }
  })
