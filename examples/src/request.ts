/** An endpoint that the library does not cover, with the same key, retries, deadlines and errors. */
import { AvaraClient } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const OpenApi = Schema.Struct({
  openapi: Schema.String,
  paths: Schema.Record({ key: Schema.String, value: Schema.Object })
})

/** The emulator describes itself at this address; the real API may not. */
export const program = AvaraClient.request({ method: "GET", path: "/openapi.json", response: OpenApi }).pipe(
  Effect.map(({ paths }) => Object.keys(paths))
)
