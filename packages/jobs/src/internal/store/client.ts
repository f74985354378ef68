import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { isEnded, Job, type JobId } from "../../Job.js"
import type { Database } from "../database/database.js"
import * as jobs from "./jobStore.js"
import type {
  BulkOptions,
  ImportOptions,
  ListOptions,
  MirrorOptions,
  RejectsOptions,
  ScheduleOptions
} from "./options.js"
import * as rowStore from "./rowStore.js"
import * as schedules from "./schedules.js"
import * as submit from "./submit.js"
import * as transitions from "./transitions.js"

/** The rows of each listed job are counted, so reading the first few jobs should not count the rows of many more. */
const jobsPerPage = 30

/** Emits the items of pages until one is empty. Each page continues after the last item of the previous page. */
const paged = <A, E, C>(first: C, page: (after: C) => Effect.Effect<ReadonlyArray<A>, E>, cursorOf: (item: A) => C) =>
  Stream.paginateEffect(first, (after) =>
    Effect.map(page(after), (items) => [items, Option.map(Option.fromNullable(items.at(-1)), cursorOf)] as const)
  ).pipe(Stream.flattenIterables)

const list = (database: Database, { after, ...filter }: ListOptions = {}) =>
  paged(
    after,
    (after: JobId | undefined) => jobs.page(database, { ...filter, after }, jobsPerPage),
    ({ id }) => id
  )

const rejects = (database: Database, id: string, { after = 0 }: RejectsOptions = {}) =>
  Stream.unwrap(
    Effect.map(jobs.find(database, id), (job) =>
      paged(
        after,
        (after: number) => rowStore.rejects(database, job.id, after),
        ({ line }) => line
      )
    )
  )

const isSame = Schema.equivalence(Job)

const watch = (database: Database, id: string) =>
  Stream.repeatEffectWithSchedule(jobs.find(database, id), Schedule.spaced("1 second")).pipe(
    Stream.changesWith(isSame),
    Stream.takeUntil(isEnded)
  )

/** Creates the operations of a client, which needs no worker. @internal */
export const make = (database: Database) => ({
  submitImport: (options: ImportOptions) => submit.submitImport(database, options),
  submitBulk: (options: BulkOptions) => submit.submitBulk(database, options),
  submitMirror: (options: MirrorOptions) => submit.submitMirror(database, options),
  schedule: (options: ScheduleOptions) => schedules.put(database, options),
  schedules: schedules.list(database),
  unschedule: (name: string) => schedules.remove(database, name),
  status: (id: string) => jobs.find(database, id),
  list: (options?: ListOptions) => list(database, options),
  watch: (id: string) => watch(database, id),
  samples: (id: string) => Effect.flatMap(jobs.find(database, id), (job) => rowStore.samples(database, job.id)),
  rejects: (id: string, options?: RejectsOptions) => rejects(database, id, options),
  cancel: (id: string) => transitions.cancel(database, id),
  retry: (id: string) => transitions.retry(database, id)
})
