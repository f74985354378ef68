/**
 * Bulk operations: one operation on every customer in a file.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import type * as Path from "@effect/platform/Path"
import type { UpdateError, UserError } from "@effect-avara/core/AvaraError"
import { CustomerId, UserId } from "@effect-avara/core/Customer"
import { Customers } from "@effect-avara/core/Customers"
import { CustomerUsers } from "@effect-avara/core/CustomerUsers"
import * as Issue from "@effect-avara/core/Issue"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { ImportError } from "./ExportError.js"
import type { RowOptions } from "./Import.js"
import * as batch from "./internal/batch.js"
import { isRowError, issuesOf, type RowError } from "./internal/reach.js"
import type { Fields, Item, Outcome, Work } from "./Work.js"

/**
 * The operation on each customer in a file.
 *
 * @since 0.1.0
 * @category models
 */
export type Operation = "deactivate" | "reactivate" | "addUsers" | "removeUsers"

/**
 * The options of a bulk operation.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options extends RowOptions {
  readonly operation: Operation
}

/**
 * The result of a bulk operation.
 *
 * @since 0.1.0
 * @category models
 */
export interface BulkReport {
  /** The number of rows in the file. */
  readonly rows: number
  /** The number of rows that this run did; in a dry run, the number that it would have done. */
  readonly done: number
  /** The number of rows that earlier runs had done. */
  readonly skipped: number
  /** The number of rows that are not allowed or that the server refused. */
  readonly rejected: number
  /** The file with the rejected rows, their line numbers and the reasons; missing if no row was rejected. */
  readonly rejectsFile?: string
  readonly dryRun: boolean
}

/**
 * The customer and the user of a row.
 *
 * @since 0.1.0
 * @category models
 */
export interface Target {
  readonly expressCustomerId: string
  /** The id of the user; empty if the operation is not about users. */
  readonly userId: string
}

const CustomerRow = Schema.Struct({ expressCustomerId: CustomerId })

const UserRow = Schema.Struct({ expressCustomerId: CustomerId, userId: UserId })

const decodeCustomerRow = Schema.decodeUnknownEither(CustomerRow, { errors: "all" })

const decodeUserRow = Schema.decodeUnknownEither(UserRow, { errors: "all" })

/**
 * The errors that the request of a row can fail with.
 *
 * @since 0.1.0
 * @category errors
 */
export type Failure = UpdateError | UserError

type Refusal = RowError<Failure>

/** Whether the server itself says that the membership already is what the operation would make it. Any other refusal can have another reason. */
const saysDone = (operation: Operation, error: Refusal): boolean =>
  (error._tag === "Conflict" || error._tag === "NotFound") &&
  error.membership === (operation === "addUsers" ? "exists" : "missing")

/** Whether there is proof that an earlier run did a row that it may have sent. */
const isDoneBefore = (operation: Operation, expressCustomerId: string, error: Refusal) => {
  const canBeRead = error._tag === "Conflict" || error._tag === "Inactive"
  if (takesUsers(operation) || !canBeRead) return Effect.succeed(saysDone(operation, error))
  return Effect.flatMap(Customers, ({ retrieve }) => retrieve(expressCustomerId)).pipe(
    Effect.map(({ isActive }) => isActive === (operation === "reactivate")),
    Effect.catchTag("NotFound", () => Effect.succeed(false))
  )
}

const unsure: Issue.Issue = {
  path: [],
  message: "an earlier run may have done this row already; this time the server refused it"
}

const request = (
  operation: Operation,
  { expressCustomerId, userId }: Target
): Effect.Effect<unknown, Failure, Customers | CustomerUsers> =>
  Effect.gen(function* () {
    const customers = yield* Customers
    const users = yield* CustomerUsers
    switch (operation) {
      case "deactivate":
        return yield* customers.deactivate(expressCustomerId)
      case "reactivate":
        return yield* customers.reactivate(expressCustomerId)
      case "addUsers":
        return yield* users.add(expressCustomerId, userId)
      case "removeUsers":
        return yield* users.remove(expressCustomerId, userId)
    }
  })

const name = "Bulk.run"

const takesUsers = (operation: Operation): boolean => operation === "addUsers" || operation === "removeUsers"

const decodeFor = (operation: Operation) => (fields: Fields) =>
  takesUsers(operation)
    ? Either.mapLeft(decodeUserRow(fields), Issue.fromParseError)
    : Either.mapBoth(decodeCustomerRow(fields), {
        onLeft: Issue.fromParseError,
        onRight: ({ expressCustomerId }): Target => ({ expressCustomerId, userId: "" })
      })

const performWith =
  (operation: Operation) =>
  ({ value, wasSent }: Item<Target>): Effect.Effect<Outcome, Failure, Customers | CustomerUsers> => {
    const { expressCustomerId } = value
    const done: Outcome = { _tag: "Done", id: expressCustomerId }
    const refused = (error: Refusal): Outcome => ({ _tag: "Rejected", issues: issuesOf(error) })
    const unproved = (error: Refusal): Outcome => ({ _tag: "Rejected", issues: [unsure, ...issuesOf(error)] })
    const refuse = (error: Refusal) =>
      wasSent
        ? Effect.map(isDoneBefore(operation, expressCustomerId, error), (isDone) => (isDone ? done : unproved(error)))
        : Effect.succeed(refused(error))
    return Effect.catchIf(Effect.as(request(operation, value), done), isRowError, refuse)
  }

/**
 * Returns the work of an operation for each row. It is safe to send a row again, and no outcome is `Unsure`. If the server refuses a row that
 * was sent before, the row counts as done only if the server says so, as in `run`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const work = (operation: Operation): Work<Target, Failure, Customers | CustomerUsers> => ({
  operation,
  required: takesUsers(operation) ? ["expressCustomerId", "userId"] : ["expressCustomerId"],
  decode: decodeFor(operation),
  identity: ({ expressCustomerId, userId }) => Option.some(`${expressCustomerId} ${userId}`),
  identityName: takesUsers(operation) ? "expressCustomerId and userId" : "expressCustomerId",
  keyOf: () => "",
  resend: "safe",
  settle: Duration.zero,
  look: () => Effect.succeed(new Map()),
  perform: performWith(operation)
})

/**
 * Performs one operation for each row of a CSV or NDJSON file.
 *
 * A row has `expressCustomerId`, and `userId` for the operations on users. The other columns of an export are ignored. The file is refused if
 * it has any other column, or two rows for the same customer and user.
 *
 * A journal lets a resumed run skip the rows that are done. The run sends a row again if the earlier run may have sent it, which does no harm.
 * If the server then refuses the row, it counts as done only if the server says so: by the customer's state, or by a message that the user is
 * already a member (or is not a member).
 *
 * Rows that are not allowed, and rows that the server refuses with `NotFound`, `Inactive`, `Conflict` or `Validation`, go to
 * `<file>.rejects.ndjson` with their line numbers. Other errors end the run.
 *
 * @example
 * ```ts
 * import { Bulk } from "@effect-avara/export"
 *
 * const deactivate = Bulk.run({ file: "closed-clinics.csv", operation: "deactivate", concurrency: 8 })
 * ```
 *
 * @since 0.1.0
 * @category operations
 */
export const run = (
  options: Options
): Effect.Effect<
  BulkReport,
  UpdateError | UserError | ImportError,
  Customers | CustomerUsers | FileSystem.FileSystem | Path.Path
> => {
  const { dryRun = false, operation } = options
  return batch.run(name, options, work(operation)).pipe(
    // A row that can safely be sent again never has an unsure outcome.
    Effect.catchTag("OutcomeUnknown", Effect.die),
    Effect.map(({ found: _, ...report }) => ({ ...report, dryRun })),
    Effect.withSpan(name)
  )
}
