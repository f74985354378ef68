import type * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as Option from "effect/Option"
import * as Runtime from "effect/Runtime"
import * as Tracer from "effect/Tracer"
import { monotonicMillis } from "../platform/clock.js"
import type { AnyOperation } from "../request/operation.js"

/** @internal */
export type AnyFiber = Fiber.RuntimeFiber<unknown, unknown>

const liveTracer = Context.get(DefaultServices.liveServices, Tracer.Tracer)

/** Whether somebody receives the fiber's spans: Effect's own tracer hands them to nobody. @internal */
export const isTraced = (fiber: AnyFiber): boolean =>
  Context.get(fiber.getFiberRef(DefaultServices.currentServices), Tracer.Tracer) !== liveTracer

/** When a call began, on its clock's monotonic time, and what it runs with. @internal */
export interface Beginning {
  readonly fiber: AnyFiber
  readonly context: Context.Context<never>
  readonly clock: Clock.Clock
  readonly startMillis: number
}

/** Gives spans the time of the beginning; untimed ones have none. */
const backdating = ({ clock, startMillis }: Beginning): Tracer.Tracer => {
  const elapsed = BigInt(Math.round((monotonicMillis(clock) - startMillis) * 1e6))
  return Tracer.make({
    context: liveTracer.context,
    span: (name, parent, context, links, now, kind, options) =>
      liveTracer.span(name, parent, context, links, now === 0n ? now : now - elapsed, kind, options)
  })
}

/** Makes the span that nobody needed until now, where nobody traces. @internal */
export const makeLateSpan = (beginning: Beginning, make: Effect.Effect<Tracer.Span>): Tracer.Span => {
  const runtime = Runtime.make({
    context: beginning.context,
    fiberRefs: beginning.fiber.getFiberRefs(),
    runtimeFlags: Runtime.defaultRuntimeFlags
  })
  return Runtime.runSync(runtime, Effect.withTracer(make, backdating(beginning)))
}

const portOf = ({ port, protocol }: URL): number => (port === "" ? (protocol === "https:" ? 443 : 80) : Number(port))

/** What a span says from its start: a route and an opaque id, never a URL, a query or a header. @internal */
export const spanAttributes = ({ method, path, subject }: AnyOperation, baseUrl: URL) => ({
  "http.request.method": method,
  "url.template": path.template.text,
  "server.address": baseUrl.hostname,
  "server.port": portOf(baseUrl),
  ...(subject?.resource === "customer" ? { "avara.customer.id": subject.id } : {})
})

/** @internal */
export const annotateSpan = (
  span: Tracer.Span | undefined,
  attempts: number,
  status: Option.Option<number>,
  errorType: string | undefined
) => {
  if (span === undefined) return
  span.attribute("avara.attempts", attempts)
  if (attempts > 1) span.attribute("http.request.resend_count", attempts - 1)
  if (Option.isSome(status)) span.attribute("http.response.status_code", status.value)
  if (errorType !== undefined) span.attribute("error.type", errorType)
}

/** @internal */
export const endSpan = (
  span: Tracer.Span | undefined,
  { clock, fiber }: Beginning,
  exit: Exit.Exit<unknown, unknown>
) => {
  if (span === undefined) return
  const isTimed = fiber.getFiberRef(FiberRef.currentTracerTimingEnabled)
  // A tracer may keep its spans, and has no use for the answer.
  span.end(isTimed ? clock.unsafeCurrentTimeNanos() : 0n, Exit.asVoid(exit))
}
