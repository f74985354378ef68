/** An import as a job, whose jobs are in an SQLite file. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { Avara } from "@effect-avara/core"
import { Jobs } from "@effect-avara/jobs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { equal } from "./equal.js"
import type { Servers } from "./operations.js"

const importing = (file: string) =>
  Effect.gen(function* () {
    const jobs = yield* Jobs.Jobs
    const id = yield* jobs.submitImport({ file })
    yield* Stream.runDrain(jobs.watch(id))
    const { progress, state } = yield* jobs.status(id)
    equal("the job", { state, done: progress.done }, { state: "done", done: 2 })
  })

export const run = ({ folder, url }: Servers): Promise<void> => {
  const avara = Avara.layer({ apiKey: Redacted.make("sk_live_1234567890abcdef1234567890abcdef"), baseUrl: url })
  const file = join(folder, "clinics.csv")
  writeFileSync(file, "expressCustomerName\nHarbor Clinic\nHillside Clinic\n")
  const jobs = Layer.provideMerge(Jobs.layer, Jobs.layerSqlite({ file: join(folder, "jobs.db") }))
  return importing(file).pipe(
    Effect.provide(jobs),
    Effect.provide([Layer.provide(avara, FetchHttpClient.layer), NodeContext.layer]),
    Effect.runPromise
  )
}
