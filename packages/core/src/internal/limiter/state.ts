import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

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

/** The rate changes at most once in this time. */
const everyMillis = 1000

const decrease = 0.5

const increase = 0.05

const minShare = 0.01

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

/**
 * The turn of the next attempt: how long to wait for it in whole milliseconds, as timers know no others, or that it has come.
 * What that costs a turn is not lost to the rate: the next one is counted from when this one was due.
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

/** Attempts that were sent together are refused together: that is one sign, and the rate falls once. @internal */
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
