/** Options of single calls, and the server's response along with the value. */
import { AvaraClient, Customers, RetryPolicy } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

export const program = Effect.gen(function* () {
  const customers = yield* Customers
  const { response, value } = yield* customers.list({ limit: 1 }).pipe(
    AvaraClient.withOptions({
      timeout: "5 seconds",
      deadline: "20 seconds",
      retry: RetryPolicy.retries(4),
      headers: { "x-team": "billing" }
    }),
    AvaraClient.withResponse
  )
  return Option.map(response, ({ attempts, requestId, status }) => ({
    customers: value.expressCustomers.length,
    status,
    attempts,
    requestId: Option.getOrElse(requestId, () => "none")
  }))
})
