import type { Run } from "../services.js"
import { type Group, leaf } from "../syntax/command.js"
import { flag, option } from "../syntax/param.js"
import { choice, date, rate, text } from "../syntax/reader.js"
import { checkFilters, filters } from "./customers.spec.js"
import { checkTarget, formats, formulas, metadataForms } from "./export.target.js"

const params = {
  out: option({
    name: "out",
    placeholder: "FILE",
    summary: "the file to write; it gets this name when it is complete; directories are made",
    reader: text,
    completion: "file"
  }),
  format: option({
    name: "format",
    placeholder: "FORMAT",
    summary: "ndjson, csv or parquet; what the file's name ends with by default",
    reader: choice(formats),
    completion: formats
  }),
  to: option({
    name: "to",
    placeholder: "DATABASE",
    summary: "in place of a file, the table avara_customers of sqlite:FILE or postgres://USER@HOST/NAME",
    reader: text
  }),
  table: option({ name: "into", placeholder: "TABLE", summary: "another table of the database", reader: text }),
  resume: flag("resume", "go on where an unfinished export to the same place stopped; begin if there is none"),
  discard: flag("discard", "drop an unfinished export to the same place, and begin again"),
  ...filters,
  since: option({
    name: "since",
    placeholder: "DATE",
    summary: "only customers created then or later, such as 2026-01-31; UTC unless it has an offset",
    reader: date
  }),
  rate: option({
    name: "rate",
    placeholder: "RATE",
    summary: "at most so many requests, such as 20/s; less as soon as the server asks for it",
    reader: rate
  }),
  metadata: option({
    name: "metadata",
    placeholder: "FORM",
    summary: "CSV: one column of json (default), or columns, one a key. Parquet: json (default) or map",
    reader: choice(metadataForms),
    completion: metadataForms
  }),
  formulas: option({
    name: "formulas",
    placeholder: "HOW",
    summary: "CSV: keep (default) cells that a spreadsheet would run as a formula, or escape them with a '",
    reader: choice(formulas),
    completion: formulas
  }),
  bom: flag("bom", "CSV: begin with a byte order mark, which Excel wants")
}

const customers = leaf<Run>()({
  name: "customers",
  summary: "Writes every customer to a file or a table: each one once, all of them or none.",
  details: [
    "The file appears under its name only when the server said that the list is complete; beside it, FILE.manifest.json says what is in it, which avara verify checks. A run that was stopped, or killed at any moment, is gone on with by --resume, and ends with the same bytes.",
    "The filters run on this side: every customer is read. Ctrl-C stops at the end of a page, keeps what is there and writes the command that goes on.",
    "A password in a postgres:// URL can be read by every user of the machine while the command runs: leave it out and set PGPASSWORD."
  ],
  examples: [
    "avara export customers --out customers.ndjson",
    "avara export customers --out customers.csv --active --since 2026-01-01 --metadata columns",
    "avara export customers --out customers.parquet --rate 20/s --resume",
    "avara export customers --to sqlite:customers.db"
  ],
  params,
  check: (values) => (values.resume && values.discard ? exclusive : (checkFilters(values) ?? checkTarget(values))),
  run: (values) => async () => (await import("./export.js")).exportCustomers(values)
})

const exclusive = "--resume and --discard exclude each other"

export const exports: Group<Run> = {
  _tag: "Group",
  name: "export",
  summary: "Bulk exports.",
  commands: [customers]
}
