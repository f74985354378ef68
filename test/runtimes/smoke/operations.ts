/** Every operation of the client and its errors, against the server that the surroundings name. */
import { type Avara, type AvaraClient, Customers, CustomerUsers, RetryPolicy } from "@effect-avara/core"
import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { equal } from "./equal.js"

/** Where the servers of a run are. */
export interface Servers {
  readonly url: string
  /** How many customers the server has. */
  readonly customers: number
  /** Where files may be written. */
  readonly folder: string
  /** Nothing listens there. */
  readonly dead: string
  /** No name server knows its host. */
  readonly unknown: string
  /** Whether `fetch` does not report why it failed. */
  readonly isBlind?: boolean
}

export type MakeAvara = (options: AvaraClient.Options) => Layer.Layer<Avara.Services, ConfigError.ConfigError>

const userId = "usr_1234567890abcdef1234567890abcdef"
const missingId = "cus_00000000000000000000000000000000"

const optionsFor = (baseUrl: string): AvaraClient.Options => ({
  apiKey: Redacted.make("sk_live_1234567890abcdef1234567890abcdef"),
  baseUrl,
  retry: RetryPolicy.none
})

const lifecycle = (count: number) =>
  Effect.gen(function* () {
    const customers = yield* Customers
    const users = yield* CustomerUsers
    equal("stream", yield* Stream.runCount(customers.stream()), count)
    equal("parallel stream", yield* Stream.runCount(customers.stream({ parallel: 4, limit: 10 })), count)

    const { expressCustomerId: id } = yield* customers.create({
      expressCustomerName: "City Medical Center",
      metadata: { region: "northeast" }
    })
    yield* users.add(id, userId)
    equal("user count", (yield* customers.retrieve(id)).userCount, 1)
    yield* users.remove(id, userId)
    const updated = yield* customers.update(id, { expressCustomerName: "City Medical Center - Radiology" })
    equal("update", updated.expressCustomerName, "City Medical Center - Radiology")

    equal("missing", (yield* Effect.flip(customers.retrieve(missingId)))._tag, "NotFound")
    equal("invalid", (yield* Effect.flip(customers.create({ expressCustomerName: "" })))._tag, "Validation")
    yield* customers.deactivate(id)
    equal("inactive", (yield* Effect.flip(users.add(id, userId)))._tag, "Inactive")
  })

/** The error of a create that cannot reach its server. */
const unreachable = Effect.gen(function* () {
  const error = yield* Effect.flip((yield* Customers).create({ expressCustomerName: "City Medical Center" }))
  return error._tag === "ConnectionFailed" ? `${error.reason}, sent: ${error.sent}` : error._tag
})

export const operations = (make: MakeAvara, { customers, dead, isBlind, unknown, url }: Servers) =>
  Effect.gen(function* () {
    yield* Effect.provide(lifecycle(customers), make(optionsFor(url)))
    equal(
      "dead port",
      yield* Effect.provide(unreachable, make(optionsFor(dead))),
      isBlind === true ? "OutcomeUnknown" : "refused, sent: no"
    )
    equal(
      "unknown host",
      yield* Effect.provide(unreachable, make(optionsFor(unknown))),
      isBlind === true ? "OutcomeUnknown" : "dns, sent: no"
    )
  })
