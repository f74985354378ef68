import * as Either from "effect/Either"
import type { Raw } from "./syntax/command.js"
import { readParams } from "./syntax/command.js"
import { flag, option, type ValuesOf } from "./syntax/param.js"
import { duration, integer, url } from "./syntax/reader.js"

const maxCustomers = 10_000_000

/** The options that every command takes. */
export const globals = {
  json: flag("json", "write data as JSON, one line each; the default where the output is not a terminal"),
  table: flag("table", "write data as a table to read; the default on a terminal"),
  quiet: flag("quiet", "no progress and no summary; errors are still written", "q"),
  baseUrl: option({
    name: "base-url",
    placeholder: "URL",
    summary: "where the API is, in place of AVARA_BASE_URL",
    reader: url
  }),
  timeout: option({
    name: "timeout",
    placeholder: "DURATION",
    summary: "how long one attempt may take, such as 30s, in place of AVARA_TIMEOUT",
    reader: duration
  }),
  maxRetries: option({
    name: "max-retries",
    placeholder: "N",
    summary: "how often a failed request is sent again, 0 to 20, in place of AVARA_MAX_RETRIES",
    reader: integer(0, 20)
  }),
  emulator: option({
    name: "emulator",
    placeholder: "N",
    summary: "run against an embedded emulator of the API with N generated customers; needs no API key",
    reader: integer(0, maxCustomers)
  }),
  emulatorWithoutKey: option({
    name: "emulator-without-key",
    placeholder: "N",
    summary: "the same, but only while AVARA_API_KEY is not set",
    reader: integer(0, maxCustomers)
  }),
  debug: flag("debug", "write retries, and the cause of a bug in full, to standard error"),
  help: flag("help", "this text, or that of the command", "h"),
  version: flag("version", "the version")
}

export type Settings = ValuesOf<typeof globals>

const conflict = ({ baseUrl, emulator, json, table }: Settings): string | undefined => {
  if (json && table) return "--json and --table exclude each other"
  if (baseUrl !== undefined && emulator !== undefined) return "--base-url and --emulator exclude each other"
  return undefined
}

export const readSettings = (raw: Raw): Either.Either<Settings, string> =>
  Either.flatMap(readParams(globals, raw), (settings) => {
    const wrong = conflict(settings)
    return wrong === undefined ? Either.right(settings) : Either.left(wrong)
  })
