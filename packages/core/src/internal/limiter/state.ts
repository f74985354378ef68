import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

/**
 * The state of a limiter, which consists of plain numbers: the rate in requests per second, and times in milliseconds since the epoch.
 *
 * The start of the process is taken from the wall clock, and the time since then from the monotonic clock. Changes to the wall clock
 * therefore do not affect the limiter.
 *
 * @since 0.1.0
 * @category models
 */
export interface State {
  readonly rate: number
  /** The time before which nothing is sent. */
  readonly nextMillis: number
  /** The time when the rate last fell. */
  readonly slowedMillis: number
  /** The time when the rate last rose. */
  readonly raisedMillis: number
}

/** The shortest time between two changes of the rate. */
const everyMillis = 1000

const decrease = 0.5

const increase = 0.05

const minShare = 0.01

/**
 * Creates the initial state of a limiter with this highest rate.
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

/**
 * Takes the next turn, or returns the wait for it. The wait is in whole milliseconds because timers have no finer ones; the next turn counts
 * from the time when this one was due, so that rounding does not lower the rate.
 *
 * @internal
 */
export const takeTurn =
  (now: number) =>
  (state: State): readonly [waitMillis: number, State] => {
    if (state.nextMillis > now) return [Math.ceil(state.nextMillis - now), state]
    const due = now - state.nextMillis < 1 ? state.nextMillis : now
    return [0, { ...state, nextMillis: due + 1000 / state.rate }]
  }

/** Halves the rate at most once per period: attempts that were sent together are refused together. @internal */
export const slowDown = (
  max: number,
  now: number,
  retryAfter: Option.Option<Duration.Duration>
): ((state: State) => readonly [void, State]) => {
  const pauseMillis = Option.match(retryAfter, { onNone: () => 0, onSome: Duration.toMillis })
  return (state) => {
    const held = { ...state, nextMillis: Math.max(state.nextMillis, now + pauseMillis) }
    return now - state.slowedMillis < everyMillis
      ? [undefined, held]
      : [undefined, { ...held, rate: Math.max(max * minShare, state.rate * decrease), slowedMillis: now }]
  }
}

/** @internal */
export const speedUp =
  (max: number, now: number) =>
  (state: State): readonly [void, State] =>
    state.rate >= max || now - Math.max(state.slowedMillis, state.raisedMillis) < everyMillis
      ? [undefined, state]
      : [undefined, { ...state, rate: Math.min(max, state.rate + max * increase), raisedMillis: now }]
