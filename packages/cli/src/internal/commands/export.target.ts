import { extname } from "node:path"

export const formats = ["ndjson", "csv", "parquet"] as const

export type Format = (typeof formats)[number]

export const metadataForms = ["json", "columns", "map"] as const

export const formulas = ["keep", "escape"] as const

/** Where an export goes, as the command line says it. */
export interface Target {
  readonly out: string | undefined
  readonly format: Format | undefined
  readonly to: string | undefined
  readonly table: string | undefined
  readonly metadata: (typeof metadataForms)[number] | undefined
  readonly formulas: (typeof formulas)[number] | undefined
  readonly bom: boolean
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

const checkDatabase = ({ bom, format, formulas, metadata, out }: Target, to: string): string | undefined => {
  if (out !== undefined) return "--out and --to exclude each other"
  if (format !== undefined || formulas !== undefined || metadata !== undefined || bom) {
    return "--format, --metadata, --formulas and --bom are for files, not for --to"
  }
  return isSqlite(to) || isPostgres(to) ? undefined : "--to takes sqlite:FILE or postgres://USER@HOST/NAME"
}

const checkFile = (target: Target, out: string): string | undefined => {
  const format = formatOf(out, target.format)
  if (format === undefined) return "give --format ndjson, csv or parquet: the file's name does not say it"
  if (target.table !== undefined) return "--into is for --to, not for files"
  if (format !== "csv" && (target.formulas !== undefined || target.bom)) return "--formulas and --bom are for CSV"
  const fitting = { ndjson: [undefined], csv: [undefined, "json", "columns"], parquet: [undefined, "json", "map"] }
  const allowed: ReadonlyArray<string | undefined> = fitting[format]
  return allowed.includes(target.metadata) ? undefined : `--metadata ${target.metadata} is not for ${format}`
}

/** What is wrong with the parts of a target together. */
export const checkTarget = (target: Target): string | undefined => {
  if (target.to !== undefined) return checkDatabase(target, target.to)
  return target.out === undefined ? "give --out FILE or --to DATABASE" : checkFile(target, target.out)
}
