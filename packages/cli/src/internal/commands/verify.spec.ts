import type { CommandUnknownOpts } from "@commander-js/extra-typings"
import type { Run } from "../services.js"
import { examples } from "../syntax/help.js"
import { word } from "../syntax/reader.js"

const summary =
  "Checks that an exported file is complete and unchanged: its size, sha256 and rows match the manifest next to it."

export const addVerify = (program: CommandUnknownOpts, run: Run): void => {
  program
    .command("verify")
    .summary(summary)
    .description(`${summary}

It needs no API key and no network. It exits with 0 if the file is complete and unchanged, and with 10 if not.`)
    .argument("<FILE>", "the exported file; FILE.manifest.json is next to it", word)
    .addHelpText("after", examples("avara verify customers.ndjson"))
    .action((file) => run(async () => (await import("./verify.js")).verify(file)))
}
