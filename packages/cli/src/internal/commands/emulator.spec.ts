import type { CommandUnknownOpts } from "@commander-js/extra-typings"
import type { Run } from "../services.js"
import { examples } from "../syntax/help.js"
import { integer, origin, text } from "../syntax/reader.js"

const summary = "Runs the Avara Express API as a local server, with generated customers, until Ctrl-C."

export const addEmulator = (program: CommandUnknownOpts, run: Run): void => {
  program
    .command("emulator")
    .summary(summary)
    .description(`${summary}

It accepts every API key of the form sk_live_ and 32 hex digits, and listens on this machine only. While it runs, no other program can open its --file.`)
    .option("--port <PORT>", "the port to listen on, 0 for a free one", integer(0, 65_535), 8787)
    .option("--host <ADDRESS>", "the address to listen on; with 0.0.0.0, other machines can connect", text, "127.0.0.1")
    .option("--cors <ORIGIN>", "the origin whose pages may call the emulator from a browser; none by default", origin)
    .option("--customers <N>", "how many customers to generate while there are none", integer(0, 10_000_000), 10_000)
    .option("--file <FILE>", "a file that keeps the customers from run to run; memory by default", text)
    .option("--seed <SEED>", "what the generated customers come from", integer(0, Number.MAX_SAFE_INTEGER), 1)
    .addHelpText("after", examples("avara emulator", "avara emulator --port 0 --customers 300 --file customers.db"))
    .action((options) => run(async () => (await import("./emulator.js")).emulator(options)))
}
