import type { Customer } from "@effect-avara/core/Customer"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Fingerprint, Position } from "../Checkpoint.js"
import type { DatabaseFailed, Locked, StorageFailed } from "../ExportError.js"
import type { Filter, Manifest } from "../Manifest.js"
import { version } from "./version.js"

/** A customer and the JSON that it was decoded from. @internal */
export interface Row {
  readonly customer: Customer
  readonly received: unknown
}

/** A page on its way into a sink. @internal */
export interface Page {
  readonly rows: ReadonlyArray<Row>
  /** The ids that the filter left out. */
  readonly skipped: ReadonlyArray<string>
  /** The position up to which the list is read when the page is written. */
  readonly position: Position
}

/** The options that start an export. @internal */
export interface Start {
  readonly fingerprint: Fingerprint
  readonly resume: boolean
  readonly discard: boolean
  readonly filter: Filter | undefined
}

/** The errors of writing. @internal */
export type WriteError = StorageFailed | DatabaseFailed | Locked

/** A running export; `E` is the error of the caller's own `write` function. @internal */
export interface Session<out E = never> {
  /** The position that the export has already reached. */
  readonly position: Position
  /** The ids that the export has already seen. */
  readonly seen: Iterable<string>
  /** Writes a page. */
  readonly append: (page: Page) => Effect.Effect<void, WriteError | E>
  /** Makes the written pages durable, and then the checkpoint. */
  readonly save: Effect.Effect<void, WriteError | E>
  /** Finishes the result after the last page, and puts it in its place. */
  readonly finish: Effect.Effect<Manifest, WriteError | E>
}

/** The position at the start of an export. @internal */
export const beginning: Effect.Effect<Position> = Effect.map(DateTime.now, (startedAt) => ({
  startedAt,
  rows: 0,
  pages: 0,
  duplicates: 0,
  skipped: 0
}))

/** Creates the part of the manifest that all sinks have in common. @internal */
export const manifestOf = (
  format: string,
  { endedAt, startedAt, ...position }: Position,
  filter: Filter | undefined
): Manifest => ({
  format,
  rows: position.rows,
  pages: position.pages,
  duplicates: position.duplicates,
  skipped: position.skipped,
  ...(position.unstorableTimes === undefined ? {} : { unstorableTimes: position.unstorableTimes }),
  ...(position.firstCursor === undefined ? {} : { firstCursor: position.firstCursor }),
  ...(position.cursor === undefined ? {} : { lastCursor: position.cursor }),
  startedAt,
  endedAt: endedAt ?? startedAt,
  ...(filter === undefined ? {} : { filter }),
  library: `@effect-avara/export ${version}`
})
