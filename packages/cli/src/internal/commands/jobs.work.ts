import * as Changes from "@effect-avara/jobs/Changes"
import type { Job } from "@effect-avara/jobs/Job"
import type { AlreadySubmitted } from "@effect-avara/jobs/JobError"
import { Jobs } from "@effect-avara/jobs/Jobs"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { ExitCode } from "../../ExitCode.js"
import { EndedWith, type Failure, Hinted } from "../failure.js"
import { say } from "../output.js"
import * as Progress from "../progress.js"
import { remark } from "../remark.js"
import { commandOf } from "../resume.js"
import { CommandLine, Retries, type Task } from "../services.js"
import { stopAtSignal } from "../stopping.js"
import { counted, integer, type SafeText, safe } from "../text.js"
import { clientLayer, type DatabaseOptions, jobsCommand, onDatabase } from "./jobs.database.js"
import { engineLayer, type WorkerOptions } from "./jobs.engine.js"
import { endAs, follow, handled, nounOf } from "./jobs.follow.js"
import { type Submission, submitCommand, submitted } from "./jobs.submission.js"
import { writeSummary } from "./jobs.summary.js"

type Options = DatabaseOptions & WorkerOptions

/** Continues a job that was submitted before, unless it is done or still being written. */
const continued = (failure: AlreadySubmitted, options: DatabaseOptions) =>
  Effect.gen(function* () {
    const { retry } = yield* Jobs
    const { id, state } = failure
    if (state === undefined) return yield* failure
    if (state === "done") {
      return yield* new Hinted({ failure, hint: safe`To show that job:\n  ${jobsCommand(["show", id], options)}` })
    }
    if (state === "preparing") {
      const cancel = jobsCommand(["cancel", id], options)
      return yield* new Hinted({
        failure,
        hint: safe`If the process that was submitting it has ended, run:\n  ${cancel}`
      })
    }
    yield* remark(safe`Continuing ${id}, which is ${state}.`)
    if (state === "failed" || state === "cancelled") yield* retry(id)
    return id
  })

const patience = "1 second"

/** Submits the work, and prints a line if that takes long. */
const handOver = (submission: Submission, options: DatabaseOptions) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(Effect.delay(remark(safe`Writing the rows to the database.`), patience))
    return yield* submitted(submission).pipe(
      Effect.ensuring(Fiber.interrupt(fiber)),
      Effect.catchTag("AlreadySubmitted", (failure) => continued(failure, options))
    )
  })

/** Returns the changes that a complete mirror found. */
const foundBy = ({ id, kind, state }: Job) =>
  kind === "mirror" && state === "done"
    ? Effect.map(Changes.runs({ jobId: id }), ([run]) => run)
    : Effect.succeed(undefined)

/** Submits the work, and works until the job has ended or a signal is received. */
const workOn = (submission: Submission, options: Options, to: string, onSubmitted: (id: string) => void) =>
  Effect.gen(function* () {
    const id = yield* handOver(submission, options)
    onSubmitted(id)
    const progress = yield* Progress.make(nounOf(submission))
    const until = submission.kind === "mirror" ? "at the end of the page" : "after the rows that were already sent"
    const stop = yield* stopAtSignal(progress, until)
    const job = yield* Effect.raceFirst(Effect.asSome(follow(id, to, progress)), Effect.as(stop, Option.none<Job>()))
    return yield* Effect.transposeMapOption(job, (job) => Effect.map(foundBy(job), (found) => ({ job, found })))
  }).pipe(Effect.scoped)

/** Prints how far the job is, once no row is in flight. */
const stopped = (id: string, to: string, again: SafeText) =>
  Effect.gen(function* () {
    const { kind, progress } = yield* Effect.flatMap(Jobs, ({ status }) => status(id)).pipe(
      Effect.provide(clientLayer(to))
    )
    const { total } = progress
    const done = handled({ progress })
    const noun = nounOf({ kind })
    const count = total === undefined ? counted(done, noun) : `${integer(done)} of ${counted(total, noun)}`
    yield* say(safe`Stopped after ${count}. To continue:\n  ${again}`)
    return yield* new EndedWith({ code: ExitCode.interrupted })
  })

/** Adds a hint about how to continue: nothing that was done is lost. */
const hinted = (failure: Failure, again: SafeText): Failure =>
  failure._tag === "EndedWith" || failure._tag === "Hinted"
    ? failure
    : new Hinted({ failure, hint: safe`The database has the rows that are done. To continue:\n  ${again}` })

/** Returns the commands that retry a job which is not an import: running the same command again would start a new job. */
const retryCommands = ({ id }: Job, options: DatabaseOptions): SafeText =>
  safe`${jobsCommand(["retry", id], options)}\n  ${jobsCommand(["worker", "--once"], options)}`

/** Suggests to submit the work to the worker that already runs on the file. */
const hintedBefore = (failure: Failure, submission: Submission, options: DatabaseOptions): Failure =>
  failure._tag === "JobsDatabaseFailed" && failure.reason === "busy"
    ? new Hinted({
        failure,
        hint: safe`To submit the work to that worker:\n  ${jobsCommand(submitCommand(submission), options)}`
      })
    : failure

/** Submits the work, and processes it in this process. */
export const work = (submission: Submission, options: Options): Task =>
  onDatabase(options, {
    isExisting: false,
    run: (to) =>
      Effect.gen(function* () {
        const again = commandOf(yield* CommandLine)
        const startMillis = yield* Clock.currentTimeMillis
        let id: string | undefined
        const ended = yield* workOn(submission, options, to, (submitted) => {
          id = submitted
        }).pipe(
          Effect.provide(engineLayer(to, options)),
          // A second Ctrl-C does not wait for requests in flight.
          Effect.disconnect,
          Effect.onInterrupt(() => (id === undefined ? Effect.void : say(safe`To continue:\n  ${again}`))),
          Effect.mapError((failure: Failure) =>
            id === undefined ? hintedBefore(failure, submission, options) : hinted(failure, again)
          )
        )
        if (Option.isNone(ended)) return yield* stopped(id ?? "", to, again)
        const elapsedMillis = (yield* Clock.currentTimeMillis) - startMillis
        yield* writeSummary({ ...ended.value, elapsedMillis, retries: (yield* Retries).count() }, options)
        yield* Effect.mapError(endAs(ended.value.job), (failure) =>
          hinted(failure, submission.kind === "import" ? again : retryCommands(ended.value.job, options))
        )
      })
  })
