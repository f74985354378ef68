/**
 * The formats of the files that an export writes.
 *
 * @since 0.1.0
 */

/**
 * A file format: its extensions, its options and what it supports.
 *
 * @since 0.1.0
 * @category models
 */
export interface Format {
  /** The file name extensions, the usual one first. */
  readonly extensions: readonly [string, ...ReadonlyArray<string>]
  /** The ways to write metadata, the default first; empty if the format keeps metadata as the server sent it. */
  readonly metadata: ReadonlyArray<"json" | "columns" | "map">
  /** Whether the format is for spreadsheets, and has the options `formulas` and `bom`. */
  readonly spreadsheet: boolean
  /** Whether `Sink.stream` can write it, because its rows do not have to wait for the end of the list. */
  readonly streams: boolean
}

/**
 * All formats, by name.
 *
 * @example
 * ```ts
 * import { Format } from "@effect-avara/export"
 *
 * const extensions = Object.values(Format.formats).flatMap(({ extensions }) => extensions)
 * ```
 *
 * @since 0.1.0
 * @category formats
 */
export const formats = {
  ndjson: {
    extensions: [".ndjson", ".jsonl"],
    metadata: [],
    spreadsheet: false,
    streams: true
  },
  json: {
    extensions: [".json"],
    metadata: [],
    spreadsheet: false,
    streams: true
  },
  csv: {
    extensions: [".csv"],
    metadata: ["json", "columns"],
    spreadsheet: true,
    streams: true
  },
  parquet: {
    extensions: [".parquet"],
    metadata: ["json", "map"],
    spreadsheet: false,
    streams: false
  }
} as const satisfies Readonly<Record<string, Format>>

/**
 * The name of a format.
 *
 * @since 0.1.0
 * @category models
 */
export type Name = keyof typeof formats

/**
 * The name of a format that `Sink.stream` can write.
 *
 * @since 0.1.0
 * @category models
 */
export type StreamName = { readonly [K in Name]: (typeof formats)[K]["streams"] extends true ? K : never }[Name]

/**
 * Checks whether a text is the name of a format.
 *
 * @since 0.1.0
 * @category guards
 */
export const isName = (name: string): name is Name => Object.hasOwn(formats, name)

/**
 * The names of all formats.
 *
 * @since 0.1.0
 * @category formats
 */
export const names: ReadonlyArray<Name> = Object.keys(formats).filter(isName)

/**
 * Checks whether `Sink.stream` can write the format of this name.
 *
 * @since 0.1.0
 * @category guards
 */
export const isStreamName = (name: Name): name is StreamName => formats[name].streams
