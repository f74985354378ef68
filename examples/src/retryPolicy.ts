/** A custom retry policy that is more patient with rate limits than with anything else. */
import { AvaraClient, Customers, RetryPolicy } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

/** Retries six times, after 10 milliseconds and then twice as long each time, but only if the server reports that it is too busy. */
export const patient = RetryPolicy.make(
  Schedule.exponential("10 millis").pipe(Schedule.jittered, Schedule.intersect(Schedule.recurs(6))),
  { while: (error) => error._tag === "RateLimited" || error._tag === "ServerError", maxRetryAfter: "2 minutes" }
)

/** For this call only; `AvaraClient.Options` has a policy for all calls. */
export const program = Effect.gen(function* () {
  const customers = yield* Customers
  const { expressCustomers } = yield* customers.list({ limit: 5 })
  return expressCustomers.map((customer) => customer.expressCustomerName)
}).pipe(AvaraClient.withOptions({ retry: patient }))
