/**
 * An optional limit on the request rate and concurrency of a client. The rate adapts to what the server accepts.
 *
 * @since 0.1.0
 */
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import { initialState, type State, slowDown, speedUp, takeTurn } from "./internal/limiter/state.js"
import { maxTimerMillis, monotonicMillis } from "./internal/platform/clock.js"
import { invalidData } from "./internal/platform/configError.js"

/**
 * The result of an attempt, as far as it shows how much load the server accepts.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome =
  | { readonly _tag: "Accepted" }
  | { readonly _tag: "Throttled"; readonly retryAfter: Option.Option<Duration.Duration> }

/**
 * The limiter that a client uses for each attempt. You can provide your own implementation.
 *
 * @since 0.1.0
 * @category models
 */
export interface RateLimiterService {
  /** Waits for the attempt's turn, then runs the attempt. */
  readonly limit: <A, E, R>(attempt: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Receives the result of an attempt. */
  readonly report: (outcome: Outcome) => Effect.Effect<void>
}

/**
 * The limiter that a client uses for each attempt. A client without a limiter does not wait.
 *
 * @example
 * ```ts
 * import { Avara, RateLimiter } from "@effect-avara/core"
 * import * as Layer from "effect/Layer"
 *
 * const AvaraLive = Avara.layerConfig().pipe(
 *   Layer.provide(RateLimiter.layer({ requestsPerSecond: 20, concurrency: 8 }))
 * )
 * ```
 *
 * @since 0.1.0
 * @category tags
 */
export class RateLimiter extends Context.Tag("@effect-avara/core/RateLimiter")<RateLimiter, RateLimiterService>() {}

/**
 * The state of a limiter.
 *
 * @since 0.1.0
 * @category models
 */
export type { State } from "./internal/limiter/state.js"

/**
 * The store for the state of a limiter. Processes that share a store share one rate; its `modify` must be atomic.
 *
 * @since 0.1.0
 * @category models
 */
export interface Store {
  readonly modify: <A>(change: (state: State) => readonly [A, State]) => Effect.Effect<A>
}

/**
 * The options of a limiter.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  /** The highest rate in requests per second, above zero. The limiter starts with it and returns to it. No limit by default. */
  readonly requestsPerSecond?: number | undefined
  /** The largest number of concurrent requests, an integer above zero. No limit by default. */
  readonly concurrency?: number | undefined
}

const currentMillis = Effect.clockWith((clock) => Effect.sync(() => monotonicMillis(clock)))

/**
 * Creates the initial state of a limiter.
 *
 * @since 0.1.0
 * @category constructors
 */
export { initialState } from "./internal/limiter/state.js"

const invalid = (name: string, expected: string) => Effect.fail(invalidData([name], expected))

const isRate = (value: unknown) => value === undefined || (typeof value === "number" && value > 0)

const isWidth = (value: unknown) =>
  value === undefined || (typeof value === "number" && Number.isSafeInteger(value) && value > 0)

const check = ({ concurrency, requestsPerSecond }: Options): Effect.Effect<void, ConfigError.ConfigError> => {
  if (!isRate(requestsPerSecond)) return invalid("requestsPerSecond", "expected a number above zero")
  return isWidth(concurrency)
    ? Effect.void
    : invalid("concurrency", "expected an integer above zero; leave it out for no limit")
}

/**
 * Creates a limiter that keeps its state in a store.
 *
 * A 429, or a 503 with a `Retry-After`, halves the rate, at most once a second. It also holds back all requests for as long as the server
 * asks, up to the client's `maxRetryAfter`. Each second without one adds a twentieth of the highest rate, until that rate is reached again.
 * Requests are sent in the order in which they arrive.
 *
 * Fails with a `ConfigError` if an option is not valid.
 *
 * @example
 * ```ts
 * import { RateLimiter } from "@effect-avara/core"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Ref from "effect/Ref"
 *
 * const RateLimiterLive = Layer.effect(
 *   RateLimiter.RateLimiter,
 *   Effect.gen(function*() {
 *     const state = yield* Ref.make(RateLimiter.initialState(20))
 *     return yield* RateLimiter.make({ requestsPerSecond: 20 }, { modify: (change) => Ref.modify(state, change) })
 *   })
 * )
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options, store: Store): Effect.Effect<RateLimiterService, ConfigError.ConfigError> =>
  Effect.gen(function* () {
    yield* check(options)
    const max = options.requestsPerSecond ?? Infinity
    const queue = yield* Effect.makeSemaphore(1)
    const slots = options.concurrency === undefined ? undefined : yield* Effect.makeSemaphore(options.concurrency)

    const turn: Effect.Effect<void> = Effect.flatMap(currentMillis, (now) =>
      Effect.flatMap(store.modify(takeTurn(now)), (waitMillis) =>
        waitMillis === 0 ? Effect.void : Effect.zipRight(Effect.sleep(Math.min(waitMillis, maxTimerMillis)), turn)
      )
    )

    const limit: RateLimiterService["limit"] = (attempt) => {
      const paced = Effect.zipRight(queue.withPermits(1)(turn), attempt)
      return slots === undefined ? paced : slots.withPermits(1)(paced)
    }

    const report: RateLimiterService["report"] = (outcome) =>
      Effect.flatMap(currentMillis, (now) =>
        store.modify(outcome._tag === "Accepted" ? speedUp(max, now) : slowDown(max, now, outcome.retryAfter))
      )

    return { limit, report }
  })

/**
 * Provides a limiter for all fibers of this process.
 *
 * Fails with a `ConfigError` if an option is not valid.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<RateLimiter, ConfigError.ConfigError> =>
  Layer.effect(
    RateLimiter,
    Effect.flatMap(Ref.make(initialState(options.requestsPerSecond ?? Infinity)), (state) =>
      make(options, { modify: (change) => Ref.modify(state, change) })
    )
  )
