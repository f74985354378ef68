/**
 * One operation on every customer of a file.
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
 * What is done with each customer of a file.
 *
 * @since 0.1.0
 * @category models
 */
export type Operation = "deactivate" | "reactivate" | "addUsers" | "removeUsers"

/**
 * @since 0.1.0
 * @category options
 */
export interface Options extends RowOptions {
  readonly operation: Operation
}

/**
 * What a bulk operation did.
 *
 * @since 0.1.0
 * @category models
 */
export interface BulkReport {
  /** How many rows the file has. */
  readonly rows: number
  /** How many this run did; in a dry run, how many it would have. */
  readonly done: number
  /** How many rows earlier runs had done. */
  readonly skipped: number
  /** How many rows are not allowed, or the server refused. */
  readonly rejected: number
  /** Where the rejected rows are, with line numbers and reasons, if there are any. */
  readonly rejectsFile?: string
  readonly dryRun: boolean
}

/**
 * The customer of a row, and its user.
 *
 * @since 0.1.0
 * @category models
 */
export interface Target {
  readonly expressCustomerId: string
  /** Empty if the operation takes no user. */
  readonly userId: string
}

const CustomerRow = Schema.Struct({ expressCustomerId: CustomerId })

const UserRow = Schema.Struct({ expressCustomerId: CustomerId, userId: UserId })

const decodeCustomerRow = Schema.decodeUnknownEither(CustomerRow, { errors: "all" })

const decodeUserRow = Schema.decodeUnknownEither(UserRow, { errors: "all" })

/**
 * What the request of a row can fail with.
 *
 * @since 0.1.0
 * @category errors
 */
export type Failure = UpdateError | UserError

type Refusal = RowError<Failure>

/** Whether the server itself says that a membership is as the operation wants it. Any other refusal may have any other reason. */
const saysDone = (operation: Operation, error: Refusal): boolean =>
  (error._tag === "Conflict" || error._tag === "NotFound") &&
  error.membership === (operation === "addUsers" ? "exists" : "missing")

/** Whether a row that an earlier run may have sent is done, as far as that can be proved. */
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
  message: "an earlier run may have done this row already; the server refused it now"
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
 * Returns what an operation does with each row. A row can safely be sent again, and no answer of it is `Unsure`. One that was sent before
 * and is refused now counts as done only if the server says so, as in `run`.
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
 * Performs one operation for each row of a CSV or NDJSON file. A row has `expressCustomerId`, and `userId` for users; the columns of an
 * export may be there and are not used, any further one is refused, as are two rows for the same customer and user.
 *
 * A journal lets a resumed run skip what was done. It sends a row again if the earlier run may have sent it, which does no harm. Refused
 * then, the row counts as done only if the server says so: by the customer's state, or in words that say that the user is a member already,
 * or is none.
 *
 * Rows that are not allowed go to `<file>.rejects.ndjson` with their line numbers, as do those that the server refuses with `NotFound`,
 * `Inactive`, `Conflict` or `Validation`. Other failures end the run.
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
    // No answer of a row that can safely be sent again is unsure.
    Effect.catchTag("OutcomeUnknown", Effect.die),
    Effect.map(({ found: _, ...report }) => ({ ...report, dryRun })),
    Effect.withSpan(name)
  )
}
