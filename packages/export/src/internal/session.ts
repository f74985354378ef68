import type { Customer } from "@effect-avara/core/Customer"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Fingerprint, Position } from "../Checkpoint.js"
import type { DatabaseFailed, Locked, StorageFailed } from "../ExportError.js"
import type { Filter, Manifest } from "../Manifest.js"
import { version } from "./version.js"

/** A customer, and the JSON that it was read from. @internal */
export interface Row {
  readonly customer: Customer
  readonly received: unknown
}

/** A page on its way into a sink. @internal */
export interface Page {
  readonly rows: ReadonlyArray<Row>
  /** The ids that the filter left out. */
  readonly skipped: ReadonlyArray<string>
  /** How far the list is read when the page is written. */
  readonly position: Position
}

/** How an export begins. @internal */
export interface Start {
  readonly fingerprint: Fingerprint
  readonly resume: boolean
  readonly discard: boolean
  readonly filter: Filter | undefined
}

/** What failed while something was written. @internal */
export type WriteError = StorageFailed | DatabaseFailed | Locked

/** An export at work; `E` is what a sink of the caller's own fails with. @internal */
export interface Session<out E = never> {
  /** How far the export is already. */
  readonly position: Position
  /** The ids that the export has already. */
  readonly seen: Iterable<string>
  /** Writes a page. */
  readonly append: (page: Page) => Effect.Effect<void, WriteError | E>
  /** Makes what was written durable, and the checkpoint after it. */
  readonly save: Effect.Effect<void, WriteError | E>
  /** Puts the result where it belongs, after the last page. */
  readonly finish: Effect.Effect<Manifest, WriteError | E>
}

/** Where an export begins. @internal */
export const beginning: Effect.Effect<Position> = Effect.map(DateTime.now, (startedAt) => ({
  startedAt,
  rows: 0,
  pages: 0,
  duplicates: 0,
  skipped: 0
}))

/** What the manifest of every sink says. @internal */
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
