import * as EntityId from "@effect/cluster/EntityId"
import * as Sharding from "@effect/cluster/Sharding"
import * as Workflow from "@effect/workflow/Workflow"
import { type WorkflowEngine, WorkflowInstance } from "@effect/workflow/WorkflowEngine"
import { withOptions } from "@effect-avara/core/AvaraClient"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Schema from "effect/Schema"
import * as BulkJob from "../../BulkJob.js"
import * as ImportJob from "../../ImportJob.js"
import { Failure, type Outcome } from "../../Job.js"
import type { JobsDatabaseFailed } from "../../JobError.js"
import * as MirrorJob from "../../MirrorJob.js"
import type { Place, Worker } from "../rows/batch.js"
import { runLane } from "../rows/lane.js"
import { runRows } from "../rows/rowJob.js"
import { RowWork, withWork } from "../rows/works.js"
import { type JobRun, runFields } from "../run/jobWorkflow.js"
import { forJob, traced } from "../run/observe.js"
import { patiently } from "../run/patiently.js"
import type { Ended } from "../run/runs.js"
import { runMirror } from "./mirrorJob.js"

/** The workflow of a part of a job's rows. The worker that runs it claims rows until none are left. */
const LaneWorkflow = Workflow.make({
  name: "Avara/Lane",
  payload: { ...runFields, pass: Schema.NonNegativeInt, lane: Schema.NonNegativeInt, work: RowWork },
  idempotencyKey: ({ id, lane, pass, run }) => `${id}/${run}/${pass}/${lane}`
})

/**
 * Runs a workflow without a parent. A child that leaves a worker first tells its parent, and waits until the parent has a worker. After an outage
 * of the database, the parent has none before the child has left.
 */
const alone = <A, E>(effect: Effect.Effect<A, E, WorkflowEngine>) =>
  Effect.mapInputContext(effect, (context: Context.Context<WorkflowEngine>) => Context.omit(WorkflowInstance)(context))

const decodeFailure = Schema.decodeUnknown(Schema.parseJson(Failure))

const unreadable: Failure = { tag: "Unknown", message: "the job failed" }

const outcomeOf = ({ done, failure, rejected }: Ended): Effect.Effect<Outcome, Failure> =>
  failure === null
    ? Effect.succeed({ done, rejected })
    : Effect.flatMap(
        Effect.orElseSucceed(decodeFailure(failure), () => unreadable),
        Effect.fail
      )

/** Whether this worker may execute a workflow: not while it stops, and not after it has lost the shard to another worker. */
const isHereOf = (sharding: Context.Tag.Service<Sharding.Sharding>, executionId: string) => {
  const shard = sharding.getShardId(EntityId.make(executionId), "default")
  return () => sharding.hasShardId(shard)
}

const lookMillis = 100

/** Interrupts, which the engine does not store, so that the workflow continues on the worker with its shard. The pause lets the engine notice the loss. */
const leave = Effect.zipRight(Effect.sleep(lookMillis), Effect.interrupt)

const leaveWhenGone = ({ isHere }: Place) =>
  Effect.zipRight(Effect.repeat(Effect.sleep(lookMillis), { while: isHere }), leave)

/** @internal */
export const layerWorkflows = (worker: Worker, lanes: number) =>
  Layer.unwrapEffect(
    Effect.map(Effect.all([Sharding.Sharding, FiberRef.get(FiberRef.currentMinimumLogLevel)]), ([sharding, level]) => {
      // A workflow would inherit the log level of the engine.
      const aloud = Logger.withMinimumLogLevel(level)
      const { limiter, runs, samples } = worker
      const limited = withOptions({ limiter })
      const placeOf = (job: JobRun, executionId: string): Place => ({ job, isHere: isHereOf(sharding, executionId) })

      const executeLane = ({ id, run, work }: typeof LaneWorkflow.payloadSchema.Type, executionId: string) => {
        const place = placeOf({ id, run }, executionId)
        return withWork(work, (work) => runLane(worker, place, work)).pipe(
          // The run of the job finds the same error, and fails with it.
          Effect.catchTag("Validation", () => Effect.void),
          Effect.zipRight(Effect.suspend(() => (place.isHere() ? Effect.void : leave)))
        )
      }

      /** Runs the body of a run once, on any worker, and stores how the job ends. */
      const executeJob = <R>(place: Place, body: Effect.Effect<void, JobsDatabaseFailed, R>) => {
        const { job } = place
        const executed = Effect.gen(function* () {
          yield* runs.begin(job)
          yield* Effect.logDebug("The job starts")
          yield* samples.take(job.id)
          yield* body
          const ended = yield* runs.end(job)
          yield* Effect.logDebug("The job has ended")
          yield* samples.take(job.id)
          return ended
        })
        return Effect.flatMap(
          Effect.raceFirst(patiently(`The job ${job.id}`)(executed), leaveWhenGone(place)),
          outcomeOf
        ).pipe(forJob(worker.database, job), aloud, limited)
      }

      const executeRows = (place: Place, work: RowWork) => {
        const { job } = place
        const doLanes = (pass: number, count: number) =>
          Effect.forEach(
            Array.from({ length: count }, (_, lane) => lane),
            (lane) => alone(LaneWorkflow.execute({ ...job, pass, lane, work })),
            { concurrency: "unbounded", discard: true }
          )
        const rows = withWork(work, (work) => runRows(worker, job, work, lanes, doLanes))
        return executeJob(
          place,
          Effect.catchTag(rows, "Validation", (error) => runs.fail(job, error))
        )
      }

      return Layer.mergeAll(
        LaneWorkflow.toLayer((lane, executionId) =>
          executeLane(lane, executionId).pipe(forJob(worker.database, lane), aloud, limited)
        ),
        ImportJob.workflow.toLayer(({ payload, ...job }, executionId) =>
          executeRows(placeOf(job, executionId), { kind: "import", payload })
        ),
        BulkJob.workflow.toLayer(({ payload, ...job }, executionId) =>
          executeRows(placeOf(job, executionId), { kind: "bulk", payload })
        ),
        MirrorJob.workflow.toLayer(({ payload, ...job }, executionId) => {
          const place = placeOf(job, executionId)
          return executeJob(place, traced("Jobs.mirror", job)(runMirror(worker, place, payload)))
        })
      )
    })
  )
