/** The client over the `fetch` of the runtime. */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { Avara } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { operations, type Servers } from "./operations.js"

export const run = (servers: Servers): Promise<void> =>
  Effect.runPromise(operations((options) => Layer.provide(Avara.layer(options), FetchHttpClient.layer), servers))
