import type { AlreadySubmitted } from "@effect-avara/jobs/JobError"
import * as Effect from "effect/Effect"
import { Hinted } from "../failure.js"
import { Output } from "../output.js"
import { CurrentSettings, type Task } from "../services.js"
import { jsonLine, safe } from "../text.js"
import { clientLayer, type DatabaseOptions, jobsCommand, onDatabase } from "./jobs.database.js"
import { type Submission, submitted } from "./jobs.submission.js"
import { sayWorker } from "./jobs.summary.js"

/** Writes the id without other text, for scripts. */
const write = (id: string, options: DatabaseOptions) =>
  Effect.gen(function* () {
    const { json } = yield* CurrentSettings
    const { out } = yield* Output
    yield* out.write(json ? jsonLine({ id }) : safe`${id}\n`)
    yield* sayWorker(options)
  })

const hint = (options: DatabaseOptions) => (failure: AlreadySubmitted) =>
  Effect.fail(new Hinted({ failure, hint: safe`To show that job:\n  ${jobsCommand(["show", failure.id], options)}` }))

export const submit = (submission: Submission, options: DatabaseOptions): Task =>
  onDatabase(options, {
    isExisting: false,
    run: (to) =>
      Effect.flatMap(submitted(submission), (id) => write(id, options)).pipe(
        Effect.catchTag("AlreadySubmitted", hint(options)),
        Effect.provide(clientLayer(to))
      )
  })
