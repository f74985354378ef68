import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Emulator from "../src/Emulator.js"
import { key } from "./support.js"

const hostile: Readonly<Record<string, unknown>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  "-1": -1,
  "1.5": 1.5,
  "2^53": 2 ** 53,
  '""': "",
  "{}": {},
  "[]": [],
  null: null
}

describe("an invalid option", () => {
  for (const option of [
    "customers",
    "generated",
    "seed",
    "port",
    "host",
    "file",
    "seedFile",
    "faultsFile",
    "apiKey",
    "recordBodies"
  ] as const) {
    it.scopedLive(`as ${option} is a ConfigError that names it`, () =>
      Effect.gen(function* () {
        for (const [shown, value] of Object.entries({
          ...hostile,
          ...(option === "customers" ? { "[]": [{}] } : {})
        })) {
          const options = { [option]: value }
          const layers = [Emulator.layer(options), Emulator.layerHttpClient(options)]
          const inProcess = option !== "port" && option !== "host"
          for (const layer of inProcess ? layers : layers.slice(0, 1)) {
            const error = yield* Effect.flip(Layer.build<never, unknown, Emulator.Emulator>(layer))
            expect(ConfigError.isConfigError(error) ? `${shown}: ${error}` : error).toContain(option)
          }
        }
      })
    )
  }
})

const nested = (levels: number) => '{"a":'.repeat(levels) + "1" + "}".repeat(levels)

describe("a body that nests 100,000 levels deep", () => {
  for (const [what, body] of [
    ["as a whole", nested(100_000)],
    ["in its metadata", `{"expressCustomerName":"a","metadata":${nested(100_000)}}`],
    ["in an unknown field", `{"expressCustomerName":"a","plan":${nested(100_000)}}`]
  ] as const) {
    it.effect(`${what} is refused like any other invalid body`, () =>
      Effect.gen(function* () {
        const http = yield* HttpClient.HttpClient
        const { json, status } = yield* http.execute(
          HttpClientRequest.post("https://api.avarasoftware.com/v1/express").pipe(
            HttpClientRequest.bearerToken(key),
            HttpClientRequest.bodyText(body, "application/json")
          )
        )
        expect([status, JSON.stringify(yield* json)].join(" ")).toMatch(/^400 .*invalid_request/)
      }).pipe(Effect.provide(Emulator.layerHttpClient()))
    )
  }
})
