import { extname } from "node:path"
import { InvalidArgumentError } from "@commander-js/extra-typings"
import { text } from "../syntax/reader.js"
import { isAmbiguous } from "../url.js"

export const formats = ["ndjson", "csv", "parquet"] as const

export type Format = (typeof formats)[number]

export const metadataForms = ["json", "columns", "map"] as const

export const formulas = ["keep", "escape"] as const

/** Where an export goes, as the command line says it. */
export interface Target {
  readonly out?: string
  readonly format?: Format
  readonly to?: string
  readonly into?: string
  readonly busyTimeout?: string
  readonly metadata?: (typeof metadataForms)[number]
  readonly formulas?: (typeof formulas)[number]
  readonly bom?: boolean
  readonly resume?: boolean
  readonly discard?: boolean
}

/** What `--out` takes for standard output. */
export const standardOutput = "-"

const formatsByExtension: Readonly<Record<string, Format>> = {
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".csv": "csv",
  ".parquet": "parquet"
}

/** Reads `--out`. */
export const destination = (out: string): string => (out === standardOutput ? out : text(out))

/** The format that was asked for, or that the file's name says; NDJSON on standard output. */
export const formatOf = (out: string, format: Format | undefined): Format | undefined =>
  format ?? (out === standardOutput ? "ndjson" : formatsByExtension[extname(out).toLowerCase()])

export const isSqlite = (to: string): boolean => /^sqlite:./.test(to)

const isPostgres = (to: string): boolean => /^postgres(?:ql)?:\/\//.test(to) && URL.canParse(to) && !isAmbiguous(to)

/** Reads `--to`. */
export const database = (to: string): string => {
  if (isSqlite(to) || isPostgres(to)) return to
  throw new InvalidArgumentError(
    "It takes sqlite:FILE or postgres://USER@HOST/NAME. Set PGPASSWORD to the password, or percent-encode it in the URL."
  )
}

const checkFile = (target: Target, out: string): string | undefined => {
  const format = formatOf(out, target.format)
  if (format === undefined) return "the file's name does not say the format; give --format ndjson, csv or parquet"
  if (format !== "csv" && (target.formulas !== undefined || target.bom)) return "--formulas and --bom are for CSV"
  const fitting = { ndjson: [undefined], csv: [undefined, "json", "columns"], parquet: [undefined, "json", "map"] }
  const allowed: ReadonlyArray<string | undefined> = fitting[format]
  return allowed.includes(target.metadata) ? undefined : `--metadata ${target.metadata} is not for ${format}`
}

/** Rows leave as they come in: what needs all of them first, or keeps some, needs a file. */
const checkStandardOutput = ({ discard, format, metadata, resume }: Target): string | undefined => {
  if (resume || discard) return "--out - keeps nothing to resume or discard; give --out FILE"
  if (format === "parquet")
    return "parquet is written once all rows are there; with --out -, give --format ndjson or csv"
  if (metadata === "columns") {
    return "--metadata columns is known once all rows are there; give --out FILE, or leave it out with --out -"
  }
  return undefined
}

/** What is wrong with the parts of a target together. */
export const checkTarget = (target: Target): string | undefined => {
  const { out, to } = target
  if (to !== undefined) return undefined
  if (out === undefined) return "give --out FILE or --to DATABASE"
  return (out === standardOutput ? checkStandardOutput(target) : undefined) ?? checkFile(target, out)
}
