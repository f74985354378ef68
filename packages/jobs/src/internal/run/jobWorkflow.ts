import * as Workflow from "@effect/workflow/Workflow"
import * as Schema from "effect/Schema"
import { Failure, JobId, Outcome } from "../../Job.js"

/** A job in one of its runs. @internal */
export interface JobRun {
  readonly id: JobId
  readonly run: number
}

/** @internal */
export const runFields = { id: JobId, run: Schema.Positive.pipe(Schema.int()) }

/** A workflow that is executed once for each run of a job. @internal */
export const make = <const Name extends string, A, I>(name: Name, payload: Schema.Schema<A, I>) =>
  Workflow.make({
    name,
    payload: Schema.Struct({ ...runFields, payload }),
    success: Outcome,
    error: Failure,
    idempotencyKey: ({ id, run }) => `${id}/${run}`
  })
