import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import { constTrue, type LazyArg } from "effect/Function"
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

/** @internal */
export const liveClock = Context.get(DefaultServices.liveServices, Clock.Clock)

/** Effect's default tracer, which exports no spans. @internal */
export const liveTracer = Context.get(DefaultServices.liveServices, Tracer.Tracer)

/** @internal */
export const tracerOf = (fiber: AnyFiber): Tracer.Tracer =>
  Context.get(fiber.getFiberRef(DefaultServices.currentServices), Tracer.Tracer)

/** Checks whether spans have times. @internal */
export const timesSpans = (fiber: AnyFiber): boolean => fiber.getFiberRef(FiberRef.currentTracerTimingEnabled)

/** Returns the runtime of a call, which is created on its first use. */
export type GetRuntime = LazyArg<Runtime.Runtime<never>>

/** Creates a runtime like that of the fiber, but with this context. @internal */
export const runtimeOf = (fiber: AnyFiber, context: Context.Context<never>): Runtime.Runtime<never> =>
  Runtime.make({ context, fiberRefs: fiber.getFiberRefs(), runtimeFlags: Runtime.defaultRuntimeFlags })

/** @internal */
export const runFork = <A, E>(runtime: GetRuntime, effect: Effect.Effect<A, E>): Fiber.RuntimeFiber<A, E> =>
  Runtime.runFork(runtime(), effect)

/** @internal */
export const runSync = <A, E>(runtime: GetRuntime, effect: Effect.Effect<A, E>): A => Runtime.runSync(runtime(), effect)

/** Disables spans for requests, and hides the values of these headers from loggers. @internal */
export const withoutTraces = <A, E, R>(
  self: Effect.Effect<A, E, R>,
  secretHeaders: ReadonlyArray<string>
): Effect.Effect<A, E, R> =>
  self.pipe(
    Effect.locally(HttpClient.currentTracerDisabledWhen, constTrue),
    Effect.locallyWith(Headers.currentRedactedNames, (names) => [...names, ...secretHeaders])
  )
