import { type CommandUnknownOpts, Option } from "@commander-js/extra-typings"
import type { Run } from "../services.js"
import { examples } from "../syntax/help.js"
import { integer, rate, text, word } from "../syntax/reader.js"

const load = () => import("./import.js")

const maxConcurrency = 64

export const readFirst =
  "The whole FILE is read before anything is sent. It must be a regular file of text: UTF-8, UTF-16 with a byte order mark, or the encoding that you name."

const journal =
  "A journal beside the file, FILE.journal.ndjson, lets --resume skip what was done. Rows that are not allowed or refused go to FILE.rejects.ndjson with their line numbers, and the command ends with 5. Ctrl-C stops after the rows that were sent."

const encodings = ["utf-8", "utf-16le", "utf-16be", "latin1", "windows-1252"] as const

/** A command that takes a file of rows. */
export const fileCommand = (group: CommandUnknownOpts, name: string, summary: string, details: ReadonlyArray<string>) =>
  group
    .command(name)
    .summary(summary)
    .description([summary, ...details].join("\n\n"))
    .argument("<FILE>", "a CSV or NDJSON file", word)
    .addOption(
      new Option("--format <FORMAT>", "of the file; what its name ends with by default").choices(["csv", "ndjson"])
    )
    .addOption(
      new Option(
        "--encoding <ENCODING>",
        "of the file; UTF-8 by default, or what its byte order mark says; files from Windows are often windows-1252"
      ).choices(encodings)
    )

/** A command that works through a file of rows. */
const rowsCommand = (group: CommandUnknownOpts, name: string, summary: string, columns: string) =>
  fileCommand(group, name, summary, [columns, readFirst, journal])
    .option("--dry-run", "check every row and send nothing")
    .option("--resume", "resume an earlier run with this file")
    .option("--concurrency <N>", "how many rows are sent at a time; 4 by default", integer(1, maxConcurrency))
    .option("--rate <RATE>", "at most so many requests, such as 20/s; less as soon as the server asks for it", rate)

export const keyName = [
  "--key-name <NAME>",
  "the metadata entry that holds the key of a row; createOnceKey by default",
  text
] as const

const importedColumns =
  "CSV has the columns expressCustomerName, metadata (a JSON object) and metadata.KEY; the other columns of an export may be there and are not used. NDJSON has the same fields."

/** What an import takes, and how a row whose response was lost is found again. */
export const importColumns = (finder: string): string =>
  `${importedColumns} Each customer carries the key of its row in its metadata, by which ${finder} finds a row whose response was lost. Two rows that carry the same key are refused.`

export const addImport = (program: CommandUnknownOpts, run: Run): void => {
  const group = program.command("import").description("Bulk imports.")
  rowsCommand(
    group,
    "customers",
    "Creates a customer for each row of a file, each one once.",
    importColumns("--resume")
  )
    .option(...keyName)
    .option(
      "--look-first",
      "read the list of customers first and skip the rows whose keys are there, as after an import of the same content under another name"
    )
    .addHelpText(
      "after",
      examples(
        "avara import customers clinics.csv --dry-run",
        "avara import customers clinics.csv --encoding windows-1252",
        "avara import customers clinics.csv --resume"
      )
    )
    .action((file, options) => run(async () => (await load()).importCustomers(file, options)))
}

const onUsers = "expressCustomerId and userId"

export const operations = [
  ["deactivate", "deactivate", "Deactivates the customer of each row of a file.", "expressCustomerId"],
  ["reactivate", "reactivate", "Reactivates the customer of each row of a file.", "expressCustomerId"],
  ["add-users", "addUsers", "Gives a user access to a customer for each row of a file.", onUsers],
  ["remove-users", "removeUsers", "Takes a user's access to a customer away for each row of a file.", onUsers]
] as const

export const bulkColumns = (columns: string): string =>
  `The file has the columns ${columns}; those of an export may be there and are not used. Two rows with the same ${columns} are refused.`

export const addBulk = (program: CommandUnknownOpts, run: Run): void => {
  const group = program.command("bulk").description("One operation on every row of a file.")
  for (const [name, operation, summary, columns] of operations) {
    rowsCommand(group, name, summary, bulkColumns(columns))
      .addHelpText(
        "after",
        examples(`avara bulk ${name} rows.csv --dry-run`, `avara bulk ${name} rows.csv --rate 20/s`)
      )
      .action((file, options) => run(async () => (await load()).bulk(operation, file, options)))
  }
}
