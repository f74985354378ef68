/** Calls of the client that a test starts in the page of a browser. */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { Avara, type AvaraError, Customers, RetryPolicy } from "@effect-avara/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

const calls: Record<"create" | "list" | "retrieve", Effect.Effect<number, AvaraError, Customers>> = {
  create: Effect.flatMap(Customers, (customers) =>
    customers.create({ expressCustomerName: "City Medical Center" })
  ).pipe(Effect.as(1)),
  list: Effect.flatMap(Customers, (customers) => customers.list()).pipe(
    Effect.map(({ expressCustomers }) => expressCustomers.length)
  ),
  retrieve: Effect.flatMap(Customers, (customers) => customers.retrieve(`cus_${"0".repeat(32)}`)).pipe(Effect.as(1))
}

const call = (name: keyof typeof calls, baseUrl: string): Promise<unknown> =>
  calls[name].pipe(
    Effect.map((customers) => ({ customers })),
    Effect.provide(
      Avara.layer({
        apiKey: Redacted.make(`sk_live_${"0".repeat(32)}`),
        baseUrl,
        retry: RetryPolicy.none
      }).pipe(Layer.provide(FetchHttpClient.layer))
    ),
    Effect.catchAll((error) =>
      Effect.succeed({
        _tag: error._tag,
        message: error.message,
        ...("sent" in error ? { sent: error.sent } : {}),
        ...("requestId" in error ? { requestId: error.requestId } : {}),
        ...("retryAfter" in error && error.retryAfter !== undefined
          ? { retryAfterMillis: Duration.toMillis(error.retryAfter) }
          : {})
      })
    ),
    Effect.runPromise
  )

declare global {
  interface Window {
    call: typeof call
  }
}

window.call = call
