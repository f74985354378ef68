import * as Singleton from "@effect/cluster/Singleton"
import type { WorkflowEngine } from "@effect/workflow/WorkflowEngine"
import * as Issue from "@effect-avara/core/Issue"
import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import * as BulkJob from "../../BulkJob.js"
import * as ImportJob from "../../ImportJob.js"
import type { JobsDatabaseFailed } from "../../JobError.js"
import * as MirrorJob from "../../MirrorJob.js"
import { JobWork } from "../database/stored.js"
import { logFailure } from "../run/patiently.js"
import type { Runs, Waiting } from "../run/runs.js"
import type { Samples } from "../run/samples.js"

/** Work that one of the workers repeats about once a second. @internal */
export interface Chore<R = never> {
  /** The name in the log. */
  readonly name: string
  readonly run: Effect.Effect<unknown, JobsDatabaseFailed, R>
}

const decodeWork = Schema.decodeUnknown(JobWork)

const execute = ({ id, run }: Waiting, work: JobWork) => {
  switch (work.kind) {
    case "import":
      return ImportJob.workflow.execute({ id, run, payload: work.payload }, { discard: true })
    case "bulk":
      return BulkJob.workflow.execute({ id, run, payload: work.payload }, { discard: true })
    case "mirror":
      return MirrorJob.workflow.execute({ id, run, payload: work.payload }, { discard: true })
  }
}

const startOne = (runs: Runs, job: Waiting) =>
  Effect.matchEffect(decodeWork(job), {
    onSuccess: (work) => execute(job, work),
    onFailure: (error) => {
      const message = `the stored job cannot be read: ${Issue.format(Issue.fromParseError(error))}`
      const failure = { _tag: "PayloadRefused", message }
      return runs.begin(job).pipe(Effect.zipRight(runs.fail(job, failure)), Effect.zipRight(runs.end(job)))
    }
  })

/** Starts queued jobs. A run starts only once, even if it is requested several times. */
const start = (runs: Runs): Chore<WorkflowEngine> => ({
  name: "The start of queued jobs",
  run: Effect.flatMap(runs.waiting, (jobs) => Effect.forEach(jobs, (job) => startOne(runs, job), { discard: true }))
})

const sample = (samples: Samples): Chore => ({ name: "The samples of running jobs", run: samples.all })

/** Catches every failure, because a singleton that ends is not started again. */
const doChore = <R>({ name, run }: Chore<R>): Effect.Effect<void, never, R> =>
  Effect.catchAllCause(Effect.asVoid(run), (cause) =>
    Cause.isInterruptedOnly(cause) ? Effect.interrupt : logFailure(name, cause)
  )

/** Runs the chores of all workers on one of them. @internal */
export const layerDispatcher = <R>(
  { runs, samples }: { readonly runs: Runs; readonly samples: Samples },
  chores: ReadonlyArray<Chore<R>>,
  every: Duration.DurationInput
) =>
  Layer.unwrapEffect(
    // A singleton would inherit the log level of the engine.
    Effect.map(FiberRef.get(FiberRef.currentMinimumLogLevel), (level) =>
      Singleton.make(
        "avara/dispatcher",
        Effect.forEach<Chore<R | WorkflowEngine>, void, never, R | WorkflowEngine>(
          [start(runs), sample(samples), ...chores],
          doChore,
          { discard: true }
        ).pipe(Effect.zipRight(Effect.sleep(every)), Effect.forever, Logger.withMinimumLogLevel(level))
      )
    )
  )
