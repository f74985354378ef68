import type { AvaraError, Validation } from "@effect-avara/core/AvaraError"
import type { Customers } from "@effect-avara/core/Customers"
import type { CustomerUsers } from "@effect-avara/core/CustomerUsers"
import * as Bulk from "@effect-avara/export/Bulk"
import * as Import from "@effect-avara/export/Import"
import type { Work } from "@effect-avara/export/Work"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as BulkJob from "../../BulkJob.js"
import * as ImportJob from "../../ImportJob.js"

/** The schema of the work on the rows of a job. @internal */
export const RowWork = Schema.Union(
  Schema.Struct({ kind: Schema.Literal("import"), payload: ImportJob.Payload }),
  Schema.Struct({ kind: Schema.Literal("bulk"), payload: BulkJob.Payload })
)

/** @internal */
export type RowWork = typeof RowWork.Type

type Services = Customers | CustomerUsers

/** Uses the work on a row, regardless of the type of its value. @internal */
export const withWork = <B, E2, R>(
  { kind, payload }: RowWork,
  use: <A, E extends AvaraError>(work: Work<A, E, Services>) => Effect.Effect<B, E2, R>
): Effect.Effect<B, E2 | Validation, R> =>
  kind === "import"
    ? Effect.flatMap(Import.work({ keyName: payload.keyName, settle: payload.settleMillis }), (work) => use(work))
    : use(Bulk.work(payload.operation))
