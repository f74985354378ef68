/**
 * An optional limit on how fast and how wide a client sends, which follows what the server can take.
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
 * What became of an attempt, as far as it says how much the server can take.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome =
  | { readonly _tag: "Accepted" }
  | { readonly _tag: "Throttled"; readonly retryAfter: Option.Option<Duration.Duration> }

/**
 * The limiter that a client asks before each attempt. An own implementation can stand in for the layers of this module.
 *
 * @since 0.1.0
 * @category models
 */
export interface RateLimiterService {
  /** Waits for the attempt's turn, then runs it. */
  readonly limit: <A, E, R>(attempt: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Learns what became of an attempt. */
  readonly report: (outcome: Outcome) => Effect.Effect<void>
}

/**
 * The limiter that a client asks before each attempt; a client without one does not wait.
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
 * @since 0.1.0
 * @category models
 */
export type { State } from "./internal/limiter/state.js"

/**
 * Where a limiter keeps what it knows. A store that several processes share, with an atomic `modify`, makes them share one rate.
 *
 * @since 0.1.0
 * @category models
 */
export interface Store {
  readonly modify: <A>(change: (state: State) => readonly [A, State]) => Effect.Effect<A>
}

/**
 * How fast and how wide a limiter lets a client send.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  /** The highest rate, which the limiter starts with and comes back to. */
  readonly requestsPerSecond?: number | undefined
  /** The most requests at a time; no limit by default. */
  readonly concurrency?: number | undefined
}

const currentMillis = Effect.clockWith((clock) => Effect.sync(() => monotonicMillis(clock)))

/**
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
 * A limiter over a store.
 *
 * A 429, or a 503 that says when to come back, halves the rate, at most once a second, and holds everything back for as long as the
 * server asks, up to the client's `maxRetryAfter`; each second without one adds a twentieth of the highest rate until that is reached again. Turns are given in order.
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
 * A limiter shared by all fibers of this process.
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
