import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"

const isTraceparent = (text: string): boolean => /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/.test(text)

const textOf = ({ sampled, spanId, traceId }: Tracer.AnySpan): string =>
  `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`

/** Returns the current span as a `traceparent` of W3C Trace Context; none if there is no span, or if its ids do not have that form. @internal */
export const traceparent: Effect.Effect<Option.Option<string>> = Effect.map(
  Effect.option(Effect.currentParentSpan),
  (span) => Option.filter(Option.map(span, textOf), isTraceparent)
)

/** Returns the span that a `traceparent` names. @internal */
export const spanOf = (text: string): Option.Option<Tracer.ExternalSpan> => {
  const [, traceId = "", spanId = "", flags] = text.split("-")
  return isTraceparent(text)
    ? Option.some(Tracer.externalSpan({ traceId, spanId, sampled: flags === "01" }))
    : Option.none()
}
