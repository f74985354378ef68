import type { CommandUnknownOpts } from "@commander-js/extra-typings"
import type { Run } from "../services.js"
import { examples } from "../syntax/help.js"
import { integer, key, origin, text } from "../syntax/reader.js"

const summary = "Runs a local emulator of the Avara Express API, with generated customers, until Ctrl-C."

export const addEmulator = (program: CommandUnknownOpts, run: Run): void => {
  program
    .command("emulator")
    .summary(summary)
    .description(`${summary}

The first customer is the one in the API's documentation. Every API key that is not blank is accepted, unless you set --api-key. The server accepts connections from this machine only, unless you set --host. It shows its customers on a page. While it runs, no other program can open its --file.

The file of --faults is a JSON array of faults, such as [{"type":"status","status":503,"operation":"customers.list","nth":3}].`)
    .option("--port <PORT>", "the port to listen on, or 0 for a free one", integer(0, 65_535), 8787)
    .option("--host <ADDRESS>", "the address to listen on; with 0.0.0.0, other machines can connect", text, "127.0.0.1")
    .option("--cors <ORIGIN>", "the origin whose pages may call the emulator from a browser; none by default", origin)
    .option(
      "--customers <N>",
      "how many customers to generate if there are none; 10000 by default, 0 with --seed-file",
      integer(0, 10_000_000)
    )
    .option("--file <FILE>", "a file that keeps the customers between runs; by default, they are only in memory", text)
    .option("--seed <SEED>", "the seed of the generated customers", integer(0, Number.MAX_SAFE_INTEGER), 1)
    .option(
      "--seed-file <FILE>",
      "a JSON file with the initial customers, in the form that /__emulator/state returns",
      text
    )
    .option(
      "--faults <FILE>",
      "a JSON file with the initial faults, in the form that POST /__emulator/faults accepts",
      text
    )
    .option("--api-key <KEY>", "the only API key to accept", key)
    .option("--record-bodies", "record the request bodies, which /__emulator/requests then shows")
    .addHelpText(
      "after",
      examples(
        "avara emulator",
        "avara emulator --port 0 --customers 300 --file customers.db",
        "avara emulator --seed-file state.json --faults faults.json"
      )
    )
    .action((options) => run(async () => (await import("./emulator.js")).emulator(options)))
}
