import { extname } from "node:path"
import { InvalidArgumentError } from "@commander-js/extra-typings"

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
}

const formatsByExtension: Readonly<Record<string, Format>> = {
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".csv": "csv",
  ".parquet": "parquet"
}

/** The format that was asked for, or that the file's name says. */
export const formatOf = (out: string, format: Format | undefined): Format | undefined =>
  format ?? formatsByExtension[extname(out).toLowerCase()]

export const isSqlite = (to: string): boolean => /^sqlite:./.test(to)

const isPostgres = (to: string): boolean => /^postgres(?:ql)?:\/\//.test(to) && URL.canParse(to)

/** Reads `--to`. */
export const database = (to: string): string => {
  if (isSqlite(to) || isPostgres(to)) return to
  throw new InvalidArgumentError("It takes sqlite:FILE or postgres://USER@HOST/NAME.")
}

const checkFile = (target: Target, out: string): string | undefined => {
  const format = formatOf(out, target.format)
  if (format === undefined) return "the file's name does not say the format; give --format ndjson, csv or parquet"
  if (format !== "csv" && (target.formulas !== undefined || target.bom)) return "--formulas and --bom are for CSV"
  const fitting = { ndjson: [undefined], csv: [undefined, "json", "columns"], parquet: [undefined, "json", "map"] }
  const allowed: ReadonlyArray<string | undefined> = fitting[format]
  return allowed.includes(target.metadata) ? undefined : `--metadata ${target.metadata} is not for ${format}`
}

/** What is wrong with the parts of a target together. */
export const checkTarget = (target: Target): string | undefined => {
  if (target.to !== undefined) return undefined
  return target.out === undefined ? "give --out FILE or --to DATABASE" : checkFile(target, target.out)
}
