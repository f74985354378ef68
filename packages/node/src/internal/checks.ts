import { largestMaxBodySize } from "@effect-avara/core/internal/transport"
import * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { TransportOptions } from "./transportOptions.js"

/** The longest wait of a timer. */
const maxTimerMillis = 2 ** 31 - 1

const isInteger = (value: unknown, max: number) =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0 && value <= max

const isDuration = (value: unknown) =>
  Option.exists(Duration.decodeUnknown(value), (duration) => {
    const millis = Duration.toMillis(duration)
    return millis > 0 && millis <= maxTimerMillis
  })

const isText = (value: unknown) => typeof value === "string"

const isSecret = (value: unknown) => {
  try {
    return Redacted.isRedacted(value) && isText(Redacted.value(value))
  } catch {
    return false
  }
}

const isTexts = (value: unknown) => (Array.isArray(value) ? value.every(isText) : isText(value))

const duration = { expected: 'a duration above zero and at most 24 days, such as "10 seconds"', is: isDuration }

const secret = { expected: 'text in a Redacted, such as Redacted.make("...")', is: isSecret }

/** The rule for each option. Values may come from plain JavaScript. */
const rules: Readonly<
  Record<keyof TransportOptions, { readonly expected: string; readonly is: (value: unknown) => boolean }>
> = {
  ca: { expected: "certificates in PEM", is: isTexts },
  cert: { expected: "a certificate in PEM", is: isText },
  key: secret,
  passphrase: secret,
  connections: {
    expected: "an integer above zero; leave it out for no limit",
    is: (value) => isInteger(value, Number.MAX_SAFE_INTEGER)
  },
  keepAlive: duration,
  maxBodySize: {
    expected: `a whole number of bytes above zero, at most ${largestMaxBodySize}`,
    is: (value) => isInteger(value, largestMaxBodySize)
  },
  connectTimeout: duration
}

/** Fails for the first invalid option and says what is allowed, without its value, which may be secret. @internal */
export const checkTransport = (options: TransportOptions): Effect.Effect<void, ConfigError.ConfigError> =>
  Effect.forEach(
    Object.entries(rules),
    ([name, { expected, is }]) => {
      const value: unknown = Reflect.get(options, name)
      return value === undefined || is(value)
        ? Effect.void
        : Effect.fail(ConfigError.InvalidData([name], `expected ${expected}`))
    },
    { discard: true }
  )
