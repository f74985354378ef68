import { extname } from "node:path"
import { InvalidArgumentError } from "@commander-js/extra-typings"
import * as Format from "@effect-avara/export/Format"
import { text } from "../syntax/reader.js"
import { isAmbiguous } from "../url.js"

const formatOfName: Readonly<Record<Format.Name, Format.Format>> = Format.formats

export const metadataForms = ["json", "columns", "map"] as const

export const formulas = ["keep", "escape"] as const

/** The destination of an export, as given on the command line. */
export interface Target {
  readonly out?: string
  readonly format?: Format.Name
  readonly to?: string
  readonly into?: string
  readonly busyTimeout?: string
  readonly metadata?: (typeof metadataForms)[number]
  readonly formulas?: (typeof formulas)[number]
  readonly bom?: boolean
  readonly resume?: boolean
  readonly discard?: boolean
}

/** The value of `--out` that means standard output. */
export const standardOutput = "-"

/** Reads `--out`. */
export const destination = (out: string): string => (out === standardOutput ? out : text(out))

/** Returns the given format, otherwise the format of the file's extension. For standard output, the default is NDJSON. */
export const formatOf = (out: string, format: Format.Name | undefined): Format.Name | undefined => {
  if (format !== undefined || out === standardOutput) return format ?? "ndjson"
  const extension = extname(out).toLowerCase()
  return Format.names.find((name) => formatOfName[name].extensions.includes(extension))
}

const listed = (names: ReadonlyArray<string>): string => names.join(", ").replace(/, ([^,]*)$/, " or $1")

export const isSqlite = (to: string): boolean => /^sqlite:./.test(to)

const isPostgres = (to: string): boolean => /^postgres(?:ql)?:\/\//.test(to) && URL.canParse(to) && !isAmbiguous(to)

export const isDatabase = (to: string): boolean => isSqlite(to) || isPostgres(to)

/** Reads `--to`. */
export const database = (to: string): string => {
  if (isDatabase(to)) return to
  throw new InvalidArgumentError(
    "Expected sqlite:FILE or postgres://USER@HOST/NAME. Set PGPASSWORD to the password, or percent-encode it in the URL."
  )
}

const checkFile = (target: Target, out: string): string | undefined => {
  const name = formatOf(out, target.format)
  if (name === undefined) return `the file's extension does not name a format; use --format ${listed(Format.names)}`
  const { metadata, spreadsheet } = formatOfName[name]
  if (!spreadsheet && (target.formulas !== undefined || target.bom)) return "--formulas and --bom apply only to CSV"
  return target.metadata === undefined || metadata.includes(target.metadata)
    ? undefined
    : `--metadata ${target.metadata} does not apply to ${name}`
}

const streamable = Format.names.filter(Format.isStreamName)

/** Standard output receives the rows as they arrive. Options that need all rows first, or keep some, are refused. */
const checkStandardOutput = ({ discard, format, metadata, resume }: Target): string | undefined => {
  if (resume || discard) return "--out - keeps nothing to resume or discard; use --out FILE"
  if (format !== undefined && !Format.isStreamName(format))
    return `${format} needs all rows before it can be written; with --out -, use --format ${listed(streamable)}`
  if (metadata === "columns") {
    return "--metadata columns needs all rows before it can be written; use --out FILE, or leave out --metadata columns"
  }
  return undefined
}

/** Returns what is wrong with the combination of options, if anything. */
export const checkTarget = (target: Target): string | undefined => {
  const { out, to } = target
  if (to !== undefined) return undefined
  if (out === undefined) return "use --out FILE or --to DATABASE"
  return (out === standardOutput ? checkStandardOutput(target) : undefined) ?? checkFile(target, out)
}
