import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import type * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import type * as MetricLabel from "effect/MetricLabel"
import * as Runtime from "effect/Runtime"
import * as Tracer from "effect/Tracer"

/** @internal */
export type AnyFiber = Fiber.RuntimeFiber<unknown, unknown>

/** @internal */
export const clockOf = (fiber: AnyFiber): Clock.Clock =>
  Context.get(fiber.getFiberRef(DefaultServices.currentServices), Clock.Clock)

/** @internal */
export const metricLabelsOf = (fiber: AnyFiber): ReadonlyArray<MetricLabel.MetricLabel> =>
  fiber.getFiberRef(FiberRef.currentMetricLabels)

/** Effect's own tracer, which hands spans to nobody. @internal */
export const liveTracer = Context.get(DefaultServices.liveServices, Tracer.Tracer)

/** @internal */
export const tracerOf = (fiber: AnyFiber): Tracer.Tracer =>
  Context.get(fiber.getFiberRef(DefaultServices.currentServices), Tracer.Tracer)

/** Whether spans have times. @internal */
export const timesSpans = (fiber: AnyFiber): boolean => fiber.getFiberRef(FiberRef.currentTracerTimingEnabled)

/** What runs as the fiber does, but with this context. @internal */
export const runtimeOf = (fiber: AnyFiber, context: Context.Context<never>): Runtime.Runtime<never> =>
  Runtime.make({ context, fiberRefs: fiber.getFiberRefs(), runtimeFlags: Runtime.defaultRuntimeFlags })
