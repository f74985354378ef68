import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { AvaraError } from "../AvaraError.js"
import { attempts, calls, duration } from "../Telemetry.js"
import type { AnyOperation } from "./operation.js"
import type { ResolvedOptions } from "./options.js"

const memoize = <A>(make: (key: string) => A): ((key: string) => A) => {
  const known = new Map<string, A>()
  return (key) => {
    const value = known.get(key) ?? make(key)
    known.set(key, value)
    return value
  }
}

// Tagging a metric costs more than counting with it, and there are few operations and outcomes.
const callsOf = memoize((operation) =>
  memoize((outcome) => calls.pipe(Metric.tagged("operation", operation), Metric.tagged("outcome", outcome)))
)
const attemptsOf = memoize((operation) => Metric.tagged(attempts, "operation", operation))
const durationOf = memoize((operation) => Metric.tagged(duration, "operation", operation))

/** @internal */
export const outcomeOf = (exit: Exit.Exit<unknown, AvaraError>): string =>
  Exit.match(exit, {
    onSuccess: () => "success",
    onFailure: (cause) =>
      Option.match(Cause.failureOption(cause), {
        onSome: (error) => error._tag,
        onNone: () => (Cause.isInterruptedOnly(cause) ? "interrupted" : "defect")
      })
  })

/** @internal */
export const countAttempt = (operation: string): Effect.Effect<void> => Metric.increment(attemptsOf(operation))

/** @internal */
export const countCall = (operation: string, outcome: string, elapsed: Duration.Duration): Effect.Effect<void> =>
  Effect.zipRight(Metric.increment(callsOf(operation)(outcome)), Metric.update(durationOf(operation), elapsed))

/** What a span says from its start: a route and an opaque id, never a URL, a query or a header. @internal */
export const spanAttributes = (client: ResolvedOptions, operation: AnyOperation) => ({
  "http.request.method": operation.method,
  "url.template": operation.path.template,
  "server.address": client.origin.hostname,
  "server.port":
    client.origin.port === "" ? (client.origin.protocol === "https:" ? 443 : 80) : Number(client.origin.port),
  ...(operation.subject?.resource === "customer" ? { "avara.customer.id": operation.subject.id } : {})
})

/** @internal */
export const annotateSpan = (
  span: Tracer.Span,
  attempts: number,
  status: Option.Option<number>,
  errorType: string | undefined
) => {
  span.attribute("avara.attempts", attempts)
  if (attempts > 1) span.attribute("http.request.resend_count", attempts - 1)
  if (Option.isSome(status)) span.attribute("http.response.status_code", status.value)
  if (errorType !== undefined) span.attribute("error.type", errorType)
}
