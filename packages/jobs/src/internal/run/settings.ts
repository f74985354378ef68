import * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

/** The rate of all workers of a database together: a number of requests per second, or text such as `50/s`. */
export type Rate = number | `${number}/s`

/**
 * The options of a worker. All workers of a database should have the same options.
 *
 * @since 0.1.0
 * @category options
 */
export interface WorkerOptions {
  /** The number of parts into which a job is divided for the workers, 1 to 64; 12 by default. */
  readonly lanes?: number | undefined
  /** The number of rows that one worker sends at the same time, 1 to 1000; 8 by default. */
  readonly slots?: number | undefined
  /**
   * The time that a worker may take for a row, 2 seconds to 1 hour; 10 seconds by default. If a worker dies, another one looks for its rows after
   * this time.
   */
  readonly lease?: Duration.DurationInput | undefined
  /**
   * The rate of all workers of the database together, in requests per second: a number, or text such as `50/s`. A 429, or a 503 with `Retry-After`,
   * halves it for all workers, as `RateLimiter` does for one client. Without it, each worker sends at the rate of its client.
   */
  readonly rate?: Rate | undefined
  /**
   * How long a job is kept after it has ended, at least 1 minute; 30 days by default, and `Infinity` keeps it forever. After that, the job, its
   * rows and its samples are removed. An import is remembered, so that the same file cannot be submitted twice.
   */
  readonly keep?: Duration.DurationInput | undefined
}

/** The checked options of a worker. @internal */
export interface Settings {
  readonly lanes: number
  readonly slots: number
  readonly lease: Duration.Duration
  /** Requests per second of all workers together. */
  readonly rate: number | undefined
  readonly keep: Duration.Duration
}

const invalid = (name: string, expected: string) => Effect.fail(ConfigError.InvalidData([name], expected))

const checkCount = (name: string, count: number, most: number) =>
  Number.isSafeInteger(count) && count >= 1 && count <= most
    ? Effect.succeed(count)
    : invalid(name, `expected an integer from 1 to ${most}`)

/** Returns the rate in requests per second. */
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
    : invalid("keep", 'expected a duration of at least 1 minute, such as "30 days", or Infinity')
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
