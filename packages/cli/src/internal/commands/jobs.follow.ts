import type { Job } from "@effect-avara/jobs/Job"
import { Jobs } from "@effect-avara/jobs/Jobs"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { ExitCode } from "../../ExitCode.js"
import { CommandFailed, codeOfTag, EndedWith, type Failure } from "../failure.js"
import type { Progress, Tally } from "../progress.js"
import { integer, safe } from "../text.js"
import { patiently } from "./jobs.patience.js"

/** Returns the number of finished rows of a job: done or rejected. */
export const handled = ({ progress }: Pick<Job, "progress">): number => progress.done + progress.rejected

const tallyOf = (job: Job, before: number): Tally => ({
  done: handled(job),
  before,
  total: job.progress.total,
  facts: [
    ...(job.state === "running" ? [] : [job.state]),
    ...(job.progress.rejected === 0 ? [] : [`${integer(job.progress.rejected)} rejected`])
  ]
})

/** Returns the singular noun for what a job counts. */
export const nounOf = ({ kind }: Pick<Job, "kind">): string => (kind === "mirror" ? "customer" : "row")

/** Shows the progress of a job until it has ended, and calls `onChange` with the job after each change. */
export const follow = <E extends Failure = never, R = never>(
  id: string,
  to: string,
  progress: Progress,
  onChange: (job: Job) => Effect.Effect<void, E, R> = () => Effect.void
) =>
  Effect.gen(function* () {
    const { watch } = yield* Jobs
    let first: Job | undefined
    let waitingFor: string | undefined
    const show = (job: Job) =>
      Effect.gen(function* () {
        first ??= job
        yield* progress.update(tallyOf(job, handled(first)))
        yield* onChange(job)
        if (job.waitingFor === waitingFor) return
        waitingFor = job.waitingFor
        if (waitingFor !== undefined) yield* progress.say(safe`Waiting: ${waitingFor}`)
      })
    const last = yield* patiently(progress, to)(Stream.runLast(Stream.tap(watch(id), show)))
    return yield* Option.match(last, {
      onNone: () => Effect.dieMessage("a watched job was not shown"),
      onSome: Effect.succeed
    })
  })

/** Ends with the outcome of the job. */
export const endAs = ({ failure, id, progress, state }: Job): Effect.Effect<void, Failure> => {
  if (failure !== undefined && state === "failed") {
    return Effect.fail(new CommandFailed({ code: codeOfTag(failure.tag), message: `${id} failed: ${failure.message}` }))
  }
  if (state === "cancelled") {
    return Effect.fail(new CommandFailed({ code: ExitCode.conflict, message: `${id} was cancelled` }))
  }
  return progress.rejected > 0 ? Effect.fail(new EndedWith({ code: ExitCode.validation })) : Effect.void
}
