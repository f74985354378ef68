import type { Run } from "../services.js"
import { leaf } from "../syntax/command.js"
import { option, withDefault } from "../syntax/param.js"
import { integer, text } from "../syntax/reader.js"

export const emulator = leaf<Run>()({
  name: "emulator",
  summary: "Runs the Avara Express API as a local server, with generated customers, until Ctrl-C.",
  details: ["It accepts every API key of the form sk_live_ and 32 hex digits, and listens on this machine only."],
  examples: ["avara emulator", "avara emulator --port 0 --customers 300 --file customers.db"],
  params: {
    port: withDefault(
      option({
        name: "port",
        placeholder: "PORT",
        summary: "the port to listen on, 0 for a free one; 8787 by default",
        reader: integer(0, 65_535)
      }),
      8787
    ),
    customers: withDefault(
      option({
        name: "customers",
        placeholder: "N",
        summary: "how many customers to generate while there are none; 10000 by default",
        reader: integer(0, 10_000_000)
      }),
      10_000
    ),
    file: option({
      name: "file",
      placeholder: "FILE",
      summary: "a file that keeps the customers from run to run; memory by default",
      reader: text,
      completion: "file"
    }),
    seed: withDefault(
      option({
        name: "seed",
        placeholder: "SEED",
        summary: "what the generated customers come from; 1 by default",
        reader: integer(0, Number.MAX_SAFE_INTEGER)
      }),
      1
    )
  },
  run: (values) => async () => (await import("./emulator.js")).emulator(values)
})
