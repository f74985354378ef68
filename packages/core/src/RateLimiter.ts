/**
 * An optional limit on how fast and how wide a client sends, which follows what the server can take.
 *
 * @since 0.1.0
 */
import * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import { maxTimerMillis, monotonicMillis } from "./internal/platform/clock.js"

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
 * What a limiter knows, all of it plain numbers: the rate in requests per second, and times in milliseconds.
 *
 * Times count from the epoch to the start of the process by the wall clock, and from there by the monotonic clock: setting the wall clock
 * moves no turn.
 *
 * @since 0.1.0
 * @category models
 */
export interface State {
  readonly rate: number
  /** Before this time nothing is sent. */
  readonly nextMillis: number
  /** When the rate last fell. */
  readonly slowedMillis: number
  /** When the rate last rose. */
  readonly raisedMillis: number
}

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

const everyMillis = 1000

const decrease = 0.5

const increase = 0.05

const minShare = 0.01

/**
 * The turn of the next attempt: how long to wait for it in whole milliseconds, as timers know no others, or that it has come.
 * What that costs a turn is not lost to the rate: the next one is counted from when this one was due.
 */
const takeTurn =
  (now: number) =>
  (state: State): readonly [waitMillis: number, State] => {
    if (state.nextMillis > now) return [Math.ceil(state.nextMillis - now), state]
    const due = now - state.nextMillis < 1 ? state.nextMillis : now
    return [0, { ...state, nextMillis: due + 1000 / state.rate }]
  }

/** Attempts that were sent together are refused together: that is one sign, and the rate falls once. */
const slowDown =
  (max: number, now: number, retryAfter: Option.Option<Duration.Duration>) =>
  (state: State): readonly [void, State] => {
    const pauseMillis = Option.match(retryAfter, { onNone: () => 0, onSome: Duration.toMillis })
    const held = { ...state, nextMillis: Math.max(state.nextMillis, now + pauseMillis) }
    return now - state.slowedMillis < everyMillis
      ? [undefined, held]
      : [undefined, { ...held, rate: Math.max(max * minShare, state.rate * decrease), slowedMillis: now }]
  }

const speedUp =
  (max: number, now: number) =>
  (state: State): readonly [void, State] =>
    state.rate >= max || now - Math.max(state.slowedMillis, state.raisedMillis) < everyMillis
      ? [undefined, state]
      : [undefined, { ...state, rate: Math.min(max, state.rate + max * increase), raisedMillis: now }]

/**
 * The state that a limiter of this rate starts with.
 *
 * @since 0.1.0
 * @category constructors
 */
export const initialState = (requestsPerSecond: number): State => ({
  rate: requestsPerSecond,
  nextMillis: 0,
  slowedMillis: -everyMillis,
  raisedMillis: -everyMillis
})

const invalid = (name: string, expected: string) => Effect.fail(ConfigError.InvalidData([name], expected))

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
