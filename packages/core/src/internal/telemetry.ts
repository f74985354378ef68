import * as Cause from "effect/Cause"
import type * as Duration from "effect/Duration"
import * as Exit from "effect/Exit"
import * as MetricLabel from "effect/MetricLabel"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { AvaraError } from "../AvaraError.js"
import { attempts, calls, duration } from "../Telemetry.js"
import { memoize } from "./memoize.js"
import type { AnyOperation } from "./operation.js"
import type { ResolvedOptions } from "./options.js"

type Labels = ReadonlyArray<MetricLabel.MetricLabel>

const operationLabels = memoize((operation): Labels => [MetricLabel.make("operation", operation)])

const outcomeLabels = memoize((operation) =>
  memoize((outcome): Labels => [...operationLabels(operation), MetricLabel.make("outcome", outcome)])
)

/** A metric finds the same array of labels at once, and has to look for the same labels in another one. */
const withLabels = (own: Labels, others: Labels): Labels => (others.length === 0 ? own : [...own, ...others])

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

/** Counts with the labels of the fiber too. @internal */
export const countAttempt = (labels: Labels, operation: string): void =>
  attempts.unsafeUpdate(1, withLabels(operationLabels(operation), labels))

/** @internal */
export const countCall = (labels: Labels, operation: string, outcome: string, elapsed: Duration.Duration): void => {
  calls.unsafeUpdate(1, withLabels(outcomeLabels(operation)(outcome), labels))
  duration.unsafeUpdate(elapsed, withLabels(operationLabels(operation), labels))
}

const portOf = ({ port, protocol }: URL): number => (port === "" ? (protocol === "https:" ? 443 : 80) : Number(port))

/** What a span says from its start: a route and an opaque id, never a URL, a query or a header. @internal */
export const makeSpanAttributes = ({ origin }: ResolvedOptions) => {
  const server = { "server.address": origin.hostname, "server.port": portOf(origin) }
  return ({ method, path, subject }: AnyOperation) => ({
    "http.request.method": method,
    "url.template": path.template.text,
    ...server,
    ...(subject?.resource === "customer" ? { "avara.customer.id": subject.id } : {})
  })
}

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
