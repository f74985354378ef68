import * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** How fast all workers of a database send together: a number of requests a second, or text such as `50/s`. */
export type Rate = number | `${number}/s`

/**
 * How a worker works. All workers of a database should have the same.
 *
 * @since 0.1.0
 * @category options
 */
export interface WorkerOptions {
  /** In how many parts a job is placed on the workers, from 1 to 64; 12 by default. */
  readonly lanes?: number | undefined
  /** How many rows one worker sends at a time, from 1 to 1000; 8 by default. */
  readonly slots?: number | undefined
  /**
   * How long a worker may take for a row, from 2 seconds to 1 hour; 10 seconds by default. The rows of a worker that died are looked for after
   * so long.
   */
  readonly lease?: Duration.DurationInput | undefined
  /**
   * How fast all workers of the database send together: requests a second as a number, or as text such as `50/s`. A 429, or a 503 that says when
   * to come back, halves it for all of them, as `RateLimiter` does for one client. Without it, each worker sends at the rate of its client.
   */
  readonly rate?: Rate | undefined
  /**
   * How long a job is kept when it has ended, from 1 minute on; 30 days by default, and `Infinity` keeps it for ever. The job, its rows and its
   * samples are removed then. An import is remembered: the same file cannot be submitted twice.
   */
  readonly keep?: Duration.DurationInput | undefined
}

/** How a worker works. @internal */
export interface Settings {
  readonly lanes: number
  readonly slots: number
  readonly lease: Duration.Duration
  /** In requests a second, of all workers together. */
  readonly rate: number | undefined
  readonly keep: Duration.Duration
}

const invalid = (name: string, expected: string) => Effect.fail(ConfigError.InvalidData([name], expected))

const checkCount = (name: string, count: number, most: number) =>
  Number.isSafeInteger(count) && count >= 1 && count <= most
    ? Effect.succeed(count)
    : invalid(name, `expected an integer from 1 to ${most}`)

/** In requests a second. */
const checkRate = (rate: Rate): Effect.Effect<number, ConfigError.ConfigError> => {
  const number = typeof rate === "string" && /^\d+(?:\.\d+)?\/s$/.test(rate) ? Number(rate.slice(0, -2)) : rate
  return typeof number === "number" && number > 0 && Number.isFinite(number)
    ? Effect.succeed(number)
    : invalid("rate", 'expected requests per second, as a number above zero or as text such as "50/s"')
}

/** @internal */
export const longestLease = Duration.hours(1)

const checkLease = (input: Duration.DurationInput) => {
  const lease = Option.filter(
    Duration.decodeUnknown(input),
    Duration.between({ minimum: Duration.seconds(2), maximum: longestLease })
  )
  return Option.isSome(lease)
    ? Effect.succeed(lease.value)
    : invalid("lease", 'expected a duration from 2 seconds to 1 hour, such as "10 seconds"')
}

const checkKeep = (input: Duration.DurationInput) => {
  const keep = Option.filter(Duration.decodeUnknown(input), Duration.greaterThanOrEqualTo("1 minute"))
  return Option.isSome(keep)
    ? Effect.succeed(keep.value)
    : invalid("keep", 'expected a duration from 1 minute, such as "30 days", or Infinity')
}

/** @internal */
export const checkSettings = ({
  keep = "30 days",
  lanes = 12,
  lease = "10 seconds",
  rate,
  slots = 8
}: WorkerOptions): Effect.Effect<Settings, ConfigError.ConfigError> =>
  Effect.all({
    lanes: checkCount("lanes", lanes, 64),
    slots: checkCount("slots", slots, 1000),
    lease: checkLease(lease),
    rate: rate === undefined ? Effect.succeed(undefined) : checkRate(rate),
    keep: checkKeep(keep)
  })
