import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import type { AnyOperation } from "../request/operation.js"
import type { Options } from "../settings/clientOptions.js"

const levels = {
  debug: LogLevel.Debug,
  info: LogLevel.Info,
  warn: LogLevel.Warning,
  error: LogLevel.Error,
  off: LogLevel.None
} as const satisfies Readonly<Record<NonNullable<Options["logLevel"]>, LogLevel.LogLevel>>

type Level = keyof typeof levels

/** Masks ids: a path without parameters may contain one. */
const withoutIds = (route: string): string =>
  route.replace(/[^/]+/g, (segment) => (/\d/.test(segment) && !/^v\d+$|[{}]/.test(segment) ? "{id}" : segment))

/** The log of a client's calls. @internal */
export interface CallLog {
  readonly isOn: (level: Exclude<Level, "off">) => boolean
  readonly write: (
    level: Exclude<Level, "off">,
    message: string,
    operation: AnyOperation,
    facts: Readonly<Record<string, string | number | undefined>>
  ) => Effect.Effect<void>
}

/** Creates a log for lines of this level and above, regardless of the program's minimum log level. @internal */
export const makeCallLog = (minimum: Level): CallLog => {
  const isOn = (level: Level) => LogLevel.greaterThanEqual(levels[level], levels[minimum])
  return {
    isOn,
    write: (level, message, { method, path }, facts) => {
      if (!isOn(level)) return Effect.void
      const known = Object.entries(facts).filter(([, value]) => value !== undefined)
      return Effect.logWithLevel(levels[level], message).pipe(
        Effect.annotateLogs({ method, route: withoutIds(path.template.text), ...Object.fromEntries(known) }),
        Logger.withMinimumLogLevel(levels[level])
      )
    }
  }
}
