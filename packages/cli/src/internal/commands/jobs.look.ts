import { isEnded, Job, type Kind, Reject, type State } from "@effect-avara/jobs/Job"
import * as Jobs from "@effect-avara/jobs/Jobs"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type Failure, Hinted } from "../failure.js"
import { isTable } from "../form.js"
import { Output, say } from "../output.js"
import * as Progress from "../progress.js"
import type { Services, Task } from "../services.js"
import { type Column, describe, makeTable } from "../table.js"
import { concat, jsonLine, safe } from "../text.js"
import { type DatabaseOptions, jobsCommand, withJobs } from "./jobs.database.js"
import { endAs, follow, nounOf } from "./jobs.follow.js"
import { sayNoWorker, sayRejects, sayWorker } from "./jobs.summary.js"
import { jobColumns, jobFacts, rejectColumns } from "./jobs.table.js"

/** Writes values as they arrive, as rows of a table or lines of JSON. Without values, prints `none` to a person. */
export const writeAll = <A, I, E extends Failure, R>(
  values: Stream.Stream<A, E, R>,
  schema: Schema.Schema<A, I>,
  columns: ReadonlyArray<Column<A>>,
  none?: string
) =>
  Effect.gen(function* () {
    const { columns: width, out } = yield* Output
    const isText = yield* isTable
    let isNone = true
    const table = makeTable(columns, { style: out.style, columns: out.isTerminal ? width() : undefined })
    const encode = Schema.encodeSync(schema)
    const lines = (values: ReadonlyArray<A>) => concat(values.map((value) => jsonLine(encode(value))))
    const render = isText ? table : lines
    yield* Stream.runForEachChunk(values, (chunk) => {
      if (Chunk.isEmpty(chunk)) return Effect.void
      isNone = false
      return out.write(render(Chunk.toReadonlyArray(chunk)))
    })
    if (isNone && isText && none !== undefined) yield* say(safe`${none}`)
  })

const encodeJob = Schema.encodeSync(Job)

const showJob = (job: Job) =>
  Effect.gen(function* () {
    const { out } = yield* Output
    yield* out.write((yield* isTable) ? describe(jobFacts(job), out.style) : jsonLine(encodeJob(job)))
  })

export const list = ({
  kind,
  state,
  ...options
}: DatabaseOptions & { readonly state?: State; readonly kind?: Kind }): Task =>
  withJobs(options, () =>
    Effect.flatMap(Jobs.Jobs, (jobs) =>
      writeAll(
        jobs.list({ state, kind }),
        Job,
        jobColumns,
        state === undefined && kind === undefined ? "There are no jobs." : "There are no matching jobs."
      )
    )
  )

const onJob = (
  call: (jobs: Jobs.JobsService) => Effect.Effect<Job, Failure>,
  options: DatabaseOptions,
  after: (job: Job) => Effect.Effect<void, never, Services>
): Task =>
  withJobs(options, () =>
    Effect.gen(function* () {
      const job = yield* Effect.flatMap(Jobs.Jobs, call)
      yield* showJob(job)
      yield* after(job)
    })
  )

/** Tells a person that an unfinished job needs a worker: a job keeps its state if its worker has ended. */
const sayUnfinished = (options: DatabaseOptions) => (job: Job) =>
  Effect.flatMap(isTable, (isText) => (isText && !isEnded(job) ? sayNoWorker(options) : Effect.void))

export const show = (id: string, options: DatabaseOptions): Task =>
  onJob(({ status }) => status(id), options, sayUnfinished(options))

export const cancel = (id: string, options: DatabaseOptions): Task =>
  onJob(
    ({ cancel }) => cancel(id),
    options,
    ({ state }) => (state === "cancelling" ? sayWorker(options) : Effect.void)
  )

export const retry = (id: string, options: DatabaseOptions): Task =>
  onJob(
    ({ retry }) => retry(id),
    options,
    () => sayWorker(options)
  )

export const rejects = (id: string, options: DatabaseOptions): Task =>
  withJobs(options, () =>
    Effect.flatMap(Jobs.Jobs, (jobs) => writeAll(jobs.rejects(id), Reject, rejectColumns, "No rows were rejected."))
  )

const watching = (id: string, to: string, options: DatabaseOptions) =>
  Effect.gen(function* () {
    const { status } = yield* Jobs.Jobs
    const { out } = yield* Output
    const isText = yield* isTable
    const job = yield* status(id)
    yield* sayUnfinished(options)(job)
    const progress = yield* Progress.make(nounOf(job))
    const onChange = (job: Job) => (isText ? Effect.void : out.write(jsonLine(encodeJob(job))))
    return yield* follow(id, to, progress, onChange)
  }).pipe(Effect.scoped)

export const watch = (id: string, options: DatabaseOptions): Task =>
  withJobs(options, (to) =>
    Effect.gen(function* () {
      const job = yield* watching(id, to, options)
      if (yield* isTable) yield* showJob(job)
      if (job.state === "done") yield* sayRejects(job, options)
      yield* Effect.mapError(endAs(job), (failure) =>
        failure._tag === "EndedWith"
          ? failure
          : new Hinted({ failure, hint: safe`To continue it:\n  ${jobsCommand(["retry", id], options)}` })
      )
    })
  )
