import { type CommandUnknownOpts, Option } from "@commander-js/extra-typings"
import * as Format from "@effect-avara/export/Format"
import type { Run } from "../services.js"
import { examples } from "../syntax/help.js"
import { date, duration, rate, text } from "../syntax/reader.js"
import { activeOption, inactiveOption } from "./customers.spec.js"
import { checkTarget, database, destination, formulas, metadataForms } from "./export.target.js"

const summary = "Writes every customer to a file or a table: each one once, all of them or none."

const description = `${summary}

The file appears under its name only after the whole list is on disk. Beside it, FILE.manifest.json says what is in it, which avara verify checks. --resume continues a run that was stopped or killed; the finished file is byte-for-byte the same. Until then its rows are in the hidden directory .FILE.avara beside it, which nobody else can read. A new file is for you alone; one that is replaced keeps its permissions.

--out - writes NDJSON, JSON or CSV to standard output as it is read, and keeps nothing: only the exit code 0 says that the list was complete.

A customer that is deleted while the list is read can hide another one: --verify overlap detects that.

The filters run on this side: every customer is read. Ctrl-C stops at the end of a page, keeps what is there and prints the command that resumes.

A password in a postgres:// URL can be read by every user of the machine while the command runs: leave it out and set PGPASSWORD.`

const verifications = ["overlap", "none"] as const

const addCustomers = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("customers")
    .summary(summary)
    .description(description)
    .option("--out <FILE>", "the file to write, or - for standard output; directories are created", destination)
    .addOption(new Option("--format <FORMAT>", "of the file; what its name ends with by default").choices(Format.names))
    .addOption(
      new Option(
        "--to <DATABASE>",
        "in place of a file, the table avara_customers of sqlite:FILE or postgres://USER@HOST/NAME"
      )
        .argParser(database)
        .conflicts(["out", "format", "metadata", "formulas", "bom"])
    )
    .addOption(new Option("--into <TABLE>", "another table of the database").argParser(text).conflicts("out"))
    .addOption(
      new Option(
        "--busy-timeout <DURATION>",
        "how long to wait for a lock that another program holds on the database; 30s by default. While SQLite waits, so does Ctrl-C"
      )
        .argParser(duration)
        .conflicts("out")
    )
    .addOption(
      new Option(
        "--metadata <FORM>",
        "CSV: one column of json, the default, or columns, one a key. Parquet: json, the default, or map"
      ).choices(metadataForms)
    )
    .addOption(
      new Option(
        "--formulas <HOW>",
        "CSV: keep cells that a spreadsheet would run as a formula, the default, or escape them with a '"
      ).choices(formulas)
    )
    .option("--bom", "CSV: begin with a byte order mark, which Excel wants")
    .addOption(activeOption())
    .addOption(inactiveOption())
    .option(
      "--since <DATE>",
      "only customers created then or later, such as 2026-01-31; UTC unless it has an offset",
      date
    )
    .addOption(
      new Option(
        "--verify <HOW>",
        "overlap: detect customers that are deleted while the list is read, which would hide others; none is the default"
      ).choices(verifications)
    )
    .option("--rate <RATE>", "at most so many requests, such as 20/s; less as soon as the server asks for it", rate)
    .addOption(
      new Option("--resume", "continue an unfinished export to the same place; begin one if there is none").conflicts(
        "discard"
      )
    )
    .option("--discard", "drop an unfinished export to the same place and begin again")
    .addHelpText(
      "after",
      examples(
        "avara export customers --out customers.ndjson",
        "avara export customers --out customers.csv --active --since 2026-01-01 --metadata columns",
        "avara export customers --out customers.parquet --rate 20/s --resume",
        "avara export customers --to sqlite:customers.db",
        "avara export customers --out - | jq .expressCustomerName"
      )
    )
    .action((options, command) => {
      const wrong = checkTarget(options)
      if (wrong !== undefined) command.error(`error: ${wrong}`)
      return run(async () => (await import("./export.js")).exportCustomers(options))
    })

export const addExport = (program: CommandUnknownOpts, run: Run): void => {
  addCustomers(program.command("export").description("Bulk exports."), run)
}
