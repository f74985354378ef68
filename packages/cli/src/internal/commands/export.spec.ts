import { type CommandUnknownOpts, Option } from "@commander-js/extra-typings"
import * as Format from "@effect-avara/export/Format"
import type { Run } from "../services.js"
import { examples } from "../syntax/help.js"
import { date, duration, rate, text } from "../syntax/reader.js"
import { activeOption, inactiveOption } from "./customers.spec.js"
import { checkTarget, database, destination, formulas, metadataForms } from "./export.target.js"

const summary = "Exports the customers to a file or a table: each customer once, all or nothing."

const description = `${summary}

The file appears under its final name only after the whole list is on disk. FILE.manifest.json, next to it, describes the file, and avara verify checks the file against it. --resume continues a run that was stopped or killed; the finished file is byte-for-byte the same. Until the file appears, its rows are in the hidden directory .FILE.avara next to it, which only you can read. A new file is readable only by you; a replaced file keeps its permissions.

--out - writes NDJSON, JSON or CSV to standard output as it arrives, and keeps nothing: the list is complete only if the command exits with 0.

If a customer is deleted while the list is read, another one can be missing: --verify overlap detects that.

The filters run on this machine, so every customer is read. Ctrl-C stops at the end of a page, keeps what was exported and prints the command that resumes.

Every user of the machine can read a password in a postgres:// URL while the command runs: leave it out and set PGPASSWORD.`

const verifications = ["overlap", "none"] as const

const addCustomers = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("customers")
    .summary(summary)
    .description(description)
    .option("--out <FILE>", "the file to write, or - for standard output; directories are created", destination)
    .addOption(
      new Option("--format <FORMAT>", "the format of the file; by default, its extension decides").choices(Format.names)
    )
    .addOption(
      new Option(
        "--to <DATABASE>",
        "write to the table avara_customers of sqlite:FILE or postgres://USER@HOST/NAME instead of a file"
      )
        .argParser(database)
        .conflicts(["out", "format", "metadata", "formulas", "bom"])
    )
    .addOption(
      new Option("--into <TABLE>", "the table to write to, instead of avara_customers").argParser(text).conflicts("out")
    )
    .addOption(
      new Option(
        "--busy-timeout <DURATION>",
        "how long to wait for a lock that another program holds on the database; 30s by default. Ctrl-C has no effect while SQLite waits"
      )
        .argParser(duration)
        .conflicts("out")
    )
    .addOption(
      new Option(
        "--metadata <FORM>",
        "CSV: json, one column (the default), or columns, one per key. Parquet: json (the default) or map"
      ).choices(metadataForms)
    )
    .addOption(
      new Option(
        "--formulas <HOW>",
        "CSV: keep cells that a spreadsheet would run as a formula (the default), or escape them with a '"
      ).choices(formulas)
    )
    .option("--bom", "CSV: start with a byte order mark, which Excel needs")
    .addOption(activeOption())
    .addOption(inactiveOption())
    .option(
      "--since <DATE>",
      "only customers created at this time or later, such as 2026-01-31; UTC unless it has an offset",
      date
    )
    .addOption(
      new Option(
        "--verify <HOW>",
        "overlap: detect deletions during the read, which could hide other customers; no check by default"
      ).choices(verifications)
    )
    .option(
      "--rate <RATE>",
      "the maximum request rate, such as 20/s; the command slows down further if the server asks for it",
      rate
    )
    .addOption(
      new Option("--resume", "continue an unfinished export to the same place; start one if there is none").conflicts(
        "discard"
      )
    )
    .option("--discard", "discard an unfinished export to the same place and start again")
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
