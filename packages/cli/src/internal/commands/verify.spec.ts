import type { Run } from "../services.js"
import { leaf } from "../syntax/command.js"
import { argument } from "../syntax/param.js"
import { text } from "../syntax/reader.js"

export const verify = leaf<Run>()({
  name: "verify",
  summary: "Checks that a file is what an export wrote: size, sha256 and rows, by the manifest beside it.",
  details: ["It needs no API key and no network. It ends with 0 if the file is whole, and with 10 if not."],
  examples: ["avara verify customers.ndjson"],
  params: { file: argument("FILE", "the exported file; FILE.manifest.json is beside it", text, "file") },
  run: (values) => async () => (await import("./verify.js")).verify(values)
})
