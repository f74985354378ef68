import { withOptions } from "@effect-avara/core/AvaraClient"
import type { AvaraError } from "@effect-avara/core/AvaraError"
import type { Issue } from "@effect-avara/core/Issue"
import type { RateLimiterService } from "@effect-avara/core/RateLimiter"
import type { Fields, Outcome, Work } from "@effect-avara/export/Work"
import type * as Duration from "effect/Duration"
import { toMillis } from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { isReadonlyRecord } from "effect/Predicate"
import type { Database } from "../database/database.js"
import { mayBeDone, meaningOf } from "../run/failures.js"
import type { Gate, Turn } from "../run/gate.js"
import type { JobRun } from "../run/jobWorkflow.js"
import type { Runs } from "../run/runs.js"
import type { Samples } from "../run/samples.js"
import type { Stopwatch } from "../run/stopwatch.js"
import type { Claimed, Claims, Result } from "./claims.js"

/** The parts that all lanes of a worker share. @internal */
export interface Worker {
  readonly database: Database
  readonly claims: Claims
  readonly runs: Runs
  readonly samples: Samples
  readonly gate: Gate
  readonly slots: Effect.Semaphore
  readonly lease: Duration.Duration
  readonly limiter: RateLimiterService | undefined
}

/** A part of a job on a worker. @internal */
export interface Place {
  readonly job: JobRun
  /** Returns whether this worker still has the part: not while it stops, and not after another worker has taken the part. */
  readonly isHere: () => boolean
}

/** Rows that were claimed together. @internal */
export interface Batch {
  readonly rows: ReadonlyArray<Claimed>
  readonly turn: Turn
  /** The time since just before they were claimed. */
  readonly since: Stopwatch
}

/** The share of the lease that is reserved for storing the outcomes after the last request. */
const recordShare = 0.1

/** Keeps a row unchanged if it was started and its response is unknown. */
type Fate = Result | "kept"

const unexpected = {
  _tag: "Defect",
  message: "an unexpected error ended the job; see the log of its worker for details"
}

const unreadable: Issue = { path: [], message: "the stored row cannot be read" }

const fieldsOf = (text: string | null): Either.Either<Fields, ReadonlyArray<Issue>> =>
  Either.try((): unknown => JSON.parse(text ?? "{}")).pipe(
    Either.filterOrLeft(isReadonlyRecord, () => "no object"),
    Either.mapLeft(() => [unreadable])
  )

const back = ({ attempt, line }: Claimed, wasSent: boolean): Result => ({ _tag: "Back", line, attempt, wasSent })

/** A machine may sleep while a row waits for its turn, and the deadline does not notice. Such a row is not sent; its call ends at the deadline. */
const inTime = (limiter: RateLimiterService | undefined, isOver: () => boolean): RateLimiterService | undefined =>
  limiter && {
    ...limiter,
    limit: (attempt) => limiter.limit(Effect.suspend(() => (isOver() ? Effect.never : attempt)))
  }

/** Does claimed rows, stores their outcomes, and returns how many were started. @internal */
export const doBatch = <A, E extends AvaraError, R>(
  { claims, gate, lease, limiter, runs, slots }: Worker,
  { isHere, job }: Place,
  work: Work<A, E, R>,
  { rows, since, turn }: Batch
) => {
  const leaseMillis = toMillis(lease)
  const recordMillis = leaseMillis * recordShare
  const fates = new Map(rows.map((row): [number, Fate] => [row.line, back(row, row.wasSent)]))

  const refused = ({ attempt, line, wasSent }: Claimed, issues: ReadonlyArray<Issue>): Result => ({
    _tag: wasSent && work.resend === "settle" ? "Doubted" : "Rejected",
    line,
    attempt,
    issues
  })

  const heard = (row: Claimed, outcome: Outcome): Effect.Effect<Fate> => {
    const { attempt, line } = row
    switch (outcome._tag) {
      case "Unsure":
        return Effect.as(gate.troubled(turn, outcome.error.message), "kept")
      case "Rejected":
        return Effect.as(gate.responded, refused(row, outcome.issues))
      case "Done":
        return Effect.as(gate.responded, { ...outcome, line, attempt })
    }
  }

  /** Reports an error that concerns more than its row, and what it means for the other rows. */
  const tell = (error: E) => {
    switch (meaningOf(error)) {
      case "unsent":
        return Effect.void
      case "outage":
        return gate.troubled(turn, error.message)
      case "end":
        return runs.fail(job, error)
    }
  }

  const failed = (row: Claimed, error: E) => {
    const may = mayBeDone(error)
    const fate: Fate = may && work.resend === "settle" ? "kept" : back(row, row.wasSent || may)
    return Effect.as(tell(error), fate)
  }

  const perform = (row: Claimed, value: A) => {
    const left = leaseMillis - recordMillis - since()
    const { key, line, wasSent } = row
    return work.perform({ line, value, key, wasSent }).pipe(
      withOptions({ deadline: left, limiter: inTime(limiter, () => since() > leaseMillis - recordMillis) }),
      // The deadline applies to one call, and a row may need several.
      Effect.timeoutOption(left + recordMillis / 2),
      Effect.matchEffect({
        onFailure: (error) => failed(row, error),
        onSuccess: (outcome) => (outcome._tag === "None" ? Effect.succeed("kept" as const) : heard(row, outcome.value))
      })
    )
  }

  /** Starts a row only in the first half of its lease, so that its request has the other half, and only if it does not have to wait. */
  const doRow = (row: Claimed) =>
    Effect.suspend(() => {
      if (!isHere() || gate.holds(turn) || since() > leaseMillis / 2) return Effect.void
      const value = Either.flatMap(fieldsOf(row.fields), work.decode)
      if (Either.isLeft(value)) {
        fates.set(row.line, refused(row, value.left))
        return Effect.void
      }
      fates.set(row.line, "kept")
      return Effect.map(perform(row, value.right), (fate) => void fates.set(row.line, fate))
    })

  const record = Effect.suspend(() =>
    claims.record(
      job.id,
      Array.from(fates.values()).filter((fate) => fate !== "kept")
    )
  )

  return Effect.forEach(rows, (row) => slots.withPermits(1)(doRow(row)), {
    concurrency: "unbounded",
    discard: true
  }).pipe(
    Effect.catchAllDefect((defect) =>
      Effect.zipRight(Effect.logError("A row failed unexpectedly", defect), runs.fail(job, unexpected))
    ),
    Effect.ensuring(
      Effect.catchAllCause(Effect.retry(record, { times: 3 }), (cause) =>
        Effect.logWarning("The outcomes of some rows could not be stored; a worker looks for these rows later", cause)
      )
    ),
    Effect.map(() => Array.from(fates.values()).filter((fate) => fate === "kept" || fate._tag !== "Back").length)
  )
}
