import { type CommandUnknownOpts, Option } from "@commander-js/extra-typings"
import type { Run } from "../services.js"
import { examples } from "../syntax/help.js"
import { integer, rate, text, word } from "../syntax/reader.js"

const load = () => import("./import.js")

const maxConcurrency = 64

export const readFirst =
  "The whole FILE is read before anything is sent. It must be a regular text file: UTF-8, UTF-16 with a byte order mark, or the encoding that you name with --encoding."

const journal =
  "A journal next to the file, FILE.journal.ndjson, lets --resume skip the rows that are done. Invalid rows and rows that the server refuses go to FILE.rejects.ndjson with their line numbers, and the command exits with 5. On Ctrl-C, the command finishes the rows that were already sent, then stops."

const encodings = ["utf-8", "utf-16le", "utf-16be", "latin1", "windows-1252"] as const

/** Adds a command with a file of rows as its argument. */
export const fileCommand = (group: CommandUnknownOpts, name: string, summary: string, details: ReadonlyArray<string>) =>
  group
    .command(name)
    .summary(summary)
    .description([summary, ...details].join("\n\n"))
    .argument("<FILE>", "a CSV or NDJSON file", word)
    .addOption(
      new Option("--format <FORMAT>", "the format of the file; by default, its extension decides").choices([
        "csv",
        "ndjson"
      ])
    )
    .addOption(
      new Option(
        "--encoding <ENCODING>",
        "the encoding of the file, often windows-1252 for files from Windows; by default, the encoding of its byte order mark, or UTF-8"
      ).choices(encodings)
    )

/** Adds a command that processes the rows of a file. */
const rowsCommand = (group: CommandUnknownOpts, name: string, summary: string, columns: string) =>
  fileCommand(group, name, summary, [columns, readFirst, journal])
    .option("--dry-run", "check every row without sending anything")
    .option("--resume", "continue an earlier run with this file")
    .option("--concurrency <N>", "how many rows to send at a time; 4 by default", integer(1, maxConcurrency))
    .option(
      "--rate <RATE>",
      "the maximum request rate, such as 20/s; the command slows down further if the server asks for it",
      rate
    )

export const keyName = [
  "--key-name <NAME>",
  "the metadata entry that holds the key of a row; createOnceKey by default",
  text
] as const

const importedColumns =
  "CSV has the columns expressCustomerName, metadata (a JSON object) and metadata.KEY; the other columns of an export are allowed and ignored. NDJSON has the same fields."

/** The columns of an import, and what `finder` does if a response is lost. */
export const importColumns = (finder: string): string =>
  `${importedColumns} The metadata of each customer contains the key of its row, so that ${finder} can find the customer if the response was lost. Two rows with the same key are refused.`

export const addImport = (program: CommandUnknownOpts, run: Run): void => {
  const group = program.command("import").description("Bulk imports.")
  rowsCommand(group, "customers", "Creates a customer for each row of a file, exactly once.", importColumns("--resume"))
    .option(...keyName)
    .option(
      "--look-first",
      "read the list of customers first and skip the rows whose keys are in it, for example after an import of the same content under another name"
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
  ["deactivate", "deactivate", "Deactivates the customer in each row of a file.", "expressCustomerId"],
  ["reactivate", "reactivate", "Reactivates the customer in each row of a file.", "expressCustomerId"],
  ["add-users", "addUsers", "Gives a user access to a customer for each row of a file.", onUsers],
  ["remove-users", "removeUsers", "Removes a user's access to a customer for each row of a file.", onUsers]
] as const

export const bulkColumns = (columns: string): string =>
  `The file has the ${columns === onUsers ? "columns" : "column"} ${columns}; the other columns of an export are allowed and ignored. Two rows with the same ${columns} are refused.`

export const addBulk = (program: CommandUnknownOpts, run: Run): void => {
  const group = program.command("bulk").description("Runs one operation on every row of a file.")
  for (const [name, operation, summary, columns] of operations) {
    rowsCommand(group, name, summary, bulkColumns(columns))
      .addHelpText(
        "after",
        examples(`avara bulk ${name} rows.csv --dry-run`, `avara bulk ${name} rows.csv --rate 20/s`)
      )
      .action((file, options) => run(async () => (await load()).bulk(operation, file, options)))
  }
}
