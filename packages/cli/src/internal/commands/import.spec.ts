import type { Run } from "../services.js"
import { type Group, type Leaf, leaf } from "../syntax/command.js"
import { argument, flag, option } from "../syntax/param.js"
import { choice, integer, rate, text } from "../syntax/reader.js"

const load = () => import("./import.js")

const formats = ["csv", "ndjson"] as const

const maxConcurrency = 64

/** How every file of rows is worked through. */
const rowParams = {
  file: argument("FILE", "a CSV or NDJSON file", text, "file"),
  format: option({
    name: "format",
    placeholder: "FORMAT",
    summary: "csv or ndjson; what the file's name ends with by default",
    reader: choice(formats),
    completion: formats
  }),
  dryRun: flag("dry-run", "check every row and send nothing"),
  resume: flag("resume", "go on where an earlier run with this file stopped"),
  concurrency: option({
    name: "concurrency",
    placeholder: "N",
    summary: "how many requests are on their way at a time; 4 by default",
    reader: integer(1, maxConcurrency)
  }),
  rate: option({
    name: "rate",
    placeholder: "RATE",
    summary: "at most so many requests, such as 20/s; less as soon as the server asks for it",
    reader: rate
  })
}

const journal =
  "A journal beside the file, FILE.journal.ndjson, makes a run with --resume skip what was done. Rows that are not allowed or refused go to FILE.rejects.ndjson with their line numbers, and the command ends with 5. Ctrl-C stops after the rows that are on their way."

const customers = leaf<Run>()({
  name: "customers",
  summary: "Creates a customer for each row of a file, each one once.",
  details: [
    "CSV has the columns expressCustomerName, metadata (a JSON object) and metadata.KEY; the other columns of an export may be there and are not used. NDJSON has the same fields. Each customer carries the key of its row in its metadata, by which a row whose answer was lost is found again.",
    journal
  ],
  examples: ["avara import customers clinics.csv --dry-run", "avara import customers clinics.csv --resume"],
  params: {
    ...rowParams,
    keyName: option({
      name: "key-name",
      placeholder: "NAME",
      summary: "the metadata entry that holds the key of a row; createOnceKey by default",
      reader: text
    })
  },
  run: (values) => async () => (await load()).importCustomers(values)
})

export const imports: Group<Run> = { _tag: "Group", name: "import", summary: "Bulk imports.", commands: [customers] }

const operations = [
  ["deactivate", "deactivate", "Deactivates the customer of each row of a file.", "expressCustomerId"],
  ["reactivate", "reactivate", "Reactivates the customer of each row of a file.", "expressCustomerId"],
  [
    "add-users",
    "addUsers",
    "Gives a user access to a customer for each row of a file.",
    "expressCustomerId and userId"
  ],
  [
    "remove-users",
    "removeUsers",
    "Takes a user's access to a customer away for each row of a file.",
    "expressCustomerId and userId"
  ]
] as const

const bulkLeaf = ([name, operation, summary, columns]: (typeof operations)[number]): Leaf<Run> =>
  leaf<Run>()({
    name,
    summary,
    details: [`The file has the columns ${columns}; those of an export may be there and are not used.`, journal],
    examples: [`avara bulk ${name} rows.csv --dry-run`, `avara bulk ${name} rows.csv --rate 20/s`],
    params: rowParams,
    run: (values) => async () => (await load()).bulk(operation, values)
  })

export const bulk: Group<Run> = {
  _tag: "Group",
  name: "bulk",
  summary: "One operation on every row of a file.",
  commands: operations.map(bulkLeaf)
}
