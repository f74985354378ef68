/** Runs an example by name, against the API that the environment names or an embedded emulator, and prints its result. */
import type { Avara } from "@effect-avara/core"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Record from "effect/Record"
import * as backend from "./backend.js"
import * as Clinics from "./Clinics.js"
import * as callOptions from "./callOptions.js"
import * as jobs from "./jobs.js"
import * as lifecycle from "./lifecycle.js"
import * as quickstart from "./quickstart.js"
import * as recover from "./recover.js"
import * as request from "./request.js"
import * as resume from "./resume.js"
import * as retryPolicy from "./retryPolicy.js"
import * as search from "./search.js"
import { avaraOrEmulator } from "./support/avara.js"
import { type Readable, runMain } from "./support/runMain.js"
import * as Tenants from "./Tenants.js"

const examples: Record.ReadonlyRecord<string, Effect.Effect<unknown, Readable, Avara.Services>> = {
  quickstart: quickstart.program,
  lifecycle: lifecycle.program,
  recover: recover.program,
  search: search.program,
  resume: resume.program,
  retryPolicy: retryPolicy.program,
  callOptions: callOptions.program,
  request: request.program,
  clinics: Clinics.program,
  tenants: Tenants.program,
  jobs: jobs.program,
  backend: backend.program
}

class UnknownExample extends Data.TaggedError("UnknownExample")<{ readonly message: string }> {}

Record.get(examples, process.argv[2] ?? "").pipe(
  Option.match({
    onNone: () =>
      Effect.fail(
        new UnknownExample({ message: `expected the name of an example: ${Object.keys(examples).join(", ")}` })
      ),
    onSome: (example) =>
      example.pipe(
        Effect.flatMap((result) => Console.log(JSON.stringify(result, undefined, 2))),
        Effect.provide(avaraOrEmulator({ customers: 1000 }))
      )
  }),
  runMain
)
