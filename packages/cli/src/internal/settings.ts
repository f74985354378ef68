import { type Command, Option } from "@commander-js/extra-typings"
import { duration, integer, url } from "./syntax/reader.js"

const maxCustomers = 10_000_000

/** Adds the options that every command accepts. */
export const withSettings = (program: Command) =>
  program
    .addOption(
      new Option(
        "--json",
        "write data as JSON, one value per line; the default if the output is not a terminal"
      ).conflicts("table")
    )
    .option("--table", "write data as a readable table; the default on a terminal")
    .option("-q, --quiet", "no progress and no summary; errors are still written")
    .addOption(
      new Option("--base-url <URL>", "the URL of the API, instead of AVARA_BASE_URL")
        .argParser(url)
        .conflicts("emulator")
    )
    .option("--timeout <DURATION>", "how long one attempt may take, such as 30s, instead of AVARA_TIMEOUT", duration)
    .option(
      "--max-retries <N>",
      "how often to retry a failed request, 0 to 20, instead of AVARA_MAX_RETRIES",
      integer(0, 20)
    )
    .option(
      "--lenient",
      "accept times, user counts, creators and metadata that do not match the documentation: read them as absent and warn"
    )
    .option(
      "--emulator <N>",
      "run against an embedded emulator of the API with N generated customers; needs no API key",
      integer(0, maxCustomers)
    )
    .option("--emulator-without-key <N>", "the same, but only if AVARA_API_KEY is not set", integer(0, maxCustomers))
    .option("--debug", "write retries and the full cause of a bug to standard error")

export type Settings = ReturnType<ReturnType<typeof withSettings>["opts"]>
