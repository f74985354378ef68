import * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Settings } from "./engine.js"
import { parseRate, type Rate } from "./rate.js"

/** @internal */
export interface WorkerOptions {
  readonly lanes?: number | undefined
  readonly slots?: number | undefined
  readonly lease?: Duration.DurationInput | undefined
  readonly rate?: Rate | undefined
  readonly keep?: Duration.DurationInput | undefined
}

const invalid = (name: string, expected: string) => Effect.fail(ConfigError.InvalidData([name], expected))

const checkCount = (name: string, count: number, most: number) =>
  Number.isSafeInteger(count) && count >= 1 && count <= most
    ? Effect.succeed(count)
    : invalid(name, `expected an integer from 1 to ${most}`)

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
}: WorkerOptions): Effect.Effect<Omit<Settings, "every">, ConfigError.ConfigError> =>
  Effect.all({
    lanes: checkCount("lanes", lanes, 64),
    slots: checkCount("slots", slots, 1000),
    lease: checkLease(lease),
    rate: rate === undefined ? Effect.succeed(undefined) : parseRate(rate),
    keep: checkKeep(keep)
  })
