import { extname } from "node:path"
import { InvalidArgumentError } from "@commander-js/extra-typings"
import * as Format from "@effect-avara/export/Format"
import { text } from "../syntax/reader.js"
import { isAmbiguous } from "../url.js"

const formatOfName: Readonly<Record<Format.Name, Format.Format>> = Format.formats

export const metadataForms = ["json", "columns", "map"] as const

export const formulas = ["keep", "escape"] as const

/** Where an export goes, as the command line says it. */
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

/** What `--out` takes for standard output. */
export const standardOutput = "-"

/** Reads `--out`. */
export const destination = (out: string): string => (out === standardOutput ? out : text(out))

/** The format that was asked for, or that the file's name says; NDJSON on standard output. */
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
    "It takes sqlite:FILE or postgres://USER@HOST/NAME. Set PGPASSWORD to the password, or percent-encode it in the URL."
  )
}

const checkFile = (target: Target, out: string): string | undefined => {
  const name = formatOf(out, target.format)
  if (name === undefined) return `the file's name does not say the format; give --format ${listed(Format.names)}`
  const { metadata, spreadsheet } = formatOfName[name]
  if (!spreadsheet && (target.formulas !== undefined || target.bom)) return "--formulas and --bom are for CSV"
  return target.metadata === undefined || metadata.includes(target.metadata)
    ? undefined
    : `--metadata ${target.metadata} is not for ${name}`
}

const streamable = Format.names.filter(Format.isStreamName)

/** Rows leave as they come in: what needs all of them first, or keeps some, needs a file. */
const checkStandardOutput = ({ discard, format, metadata, resume }: Target): string | undefined => {
  if (resume || discard) return "--out - keeps nothing to resume or discard; give --out FILE"
  if (format !== undefined && !Format.isStreamName(format))
    return `${format} is written once all rows are there; with --out -, give --format ${listed(streamable)}`
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
