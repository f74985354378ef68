import { describe, expect, it } from "@effect/vitest"
import {
  AvaraError,
  BrokenPagination,
  Conflict,
  ConnectionFailed,
  Forbidden,
  Inactive,
  InvalidResponse,
  isAmbiguous,
  isRetryable,
  NotFound,
  OutcomeUnknown,
  RateLimited,
  ServerError,
  TimedOut,
  Unauthorized,
  UnexpectedStatus,
  Validation
} from "@effect-avara/core"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

const operation = "customers.retrieve"

const context = { operation, attempts: 1 }

const encode = Schema.encodeSync(AvaraError)

const decode = Schema.decodeUnknownSync(AvaraError)

const invalid = (reason: InvalidResponse["reason"]) =>
  new InvalidResponse({ operation, status: 200, reason, issues: [], snippet: "" })

describe("a stored error", () => {
  for (const error of [
    new Validation({ operation, source: "server", status: 422, issues: [{ path: ["a"], message: "is wrong" }] }),
    new Validation({ operation, source: "client", issues: [] }),
    new NotFound({ operation, resource: "customer", id: "cus_1" }),
    new Inactive({ operation, id: "cus_1", status: 403 }),
    new Unauthorized({ operation }),
    new Forbidden({ operation }),
    new Conflict({ operation, status: 409 }),
    new RateLimited({ operation, retryAfter: Duration.seconds(2) }),
    invalid("notJson"),
    new ConnectionFailed({
      operation,
      reason: "other",
      sent: "maybe",
      origin: "https://a.example",
      pageOrigin: "https://b.example"
    }),
    new OutcomeUnknown({ operation, reason: "ConnectionFailed", pageOrigin: "https://b.example" }),
    new BrokenPagination({ operation, reason: "refusedCursor", cursor: "a", status: 400, page: 2, seen: 20 })
  ]) {
    it(`${error._tag} is read back unchanged`, () => {
      expect(decode(JSON.parse(JSON.stringify(encode(error))))).toEqual(error)
    })
  }

  for (const [stored, read] of [
    [{ _tag: "Unauthorized", ...context }, { status: 401 }],
    [{ _tag: "Forbidden", ...context }, { status: 403 }],
    [{ _tag: "NotFound", ...context, resource: "customer", id: "cus_1" }, { status: 404 }],
    [{ _tag: "RateLimited", ...context }, { status: 429 }],
    [{ _tag: "InvalidResponse", ...context, status: 200, issues: [], snippet: "" }, { reason: "shape" }],
    [{ _tag: "Validation", ...context, source: "server", issues: [] }, { source: "server" }],
    [{ _tag: "Conflict", ...context }, { attempts: 1 }],
    [{ _tag: "Inactive", ...context, id: "cus_1" }, { id: "cus_1" }],
    [{ _tag: "BrokenPagination", ...context, reason: "missingCursor", page: 1, seen: 0 }, { page: 1 }]
  ] as const) {
    it(`${stored._tag} without a status or a reason can still be read`, () => {
      expect(decode(stored)).toMatchObject({ _tag: stored._tag, ...read })
    })
  }

  it("has 400 or 422 in its message", () => {
    const messages = [400, 422].map(
      (status) => new Validation({ operation, source: "server", status, issues: [] }).message
    )
    expect(messages.map((message) => /\((\d+)\)/.exec(message)?.[1])).toEqual(["400", "422"])
  })
})

const connection = { operation, origin: "https://example.com" } as const

const server = (status: number) => new ServerError({ operation, status })

const busy = new ServerError({ operation, status: 503, retryAfter: Duration.seconds(1) })

const unexpected = (status: number) => new UnexpectedStatus({ operation, status })

const timedOut = (scope: TimedOut["scope"]) => new TimedOut({ operation, scope, limit: Duration.seconds(1) })

const lost = new OutcomeUnknown({ operation, reason: "TimedOut" })

/** Permanent refusals. */
const final = [
  new Validation({ operation, source: "client", issues: [] }),
  new NotFound({ operation, resource: "customer", id: "cus_1" }),
  new Inactive({ operation, id: "cus_1" }),
  new Unauthorized({ operation }),
  new Forbidden({ operation }),
  new Conflict({ operation, status: 409 }),
  new BrokenPagination({ operation, reason: "pageLimit", page: 2, seen: 20 })
]

const verdicts = (is: (error: AvaraError) => boolean, errors: ReadonlyArray<AvaraError>) =>
  errors.map((error) => [error.message, is(error)])

const allSay = (is: (error: AvaraError) => boolean, expected: boolean, errors: ReadonlyArray<AvaraError>) =>
  expect(verdicts(is, errors)).toEqual(errors.map(({ message }) => [message, expected]))

describe("isRetryable", () => {
  it("is true for errors of calls that may succeed later", () =>
    allSay(isRetryable, true, [
      new RateLimited({ operation }),
      new ConnectionFailed({ ...connection, reason: "reset", sent: "no" }),
      timedOut("attempt"),
      ...[500, 502, 503, 504, 506, 507, 511, 520, 525, 530, 599].map(server),
      busy,
      unexpected(408),
      invalid("notJson")
    ]))

  it("is false for errors of calls that would fail again", () =>
    allSay(isRetryable, false, [
      ...final,
      new ConnectionFailed({ ...connection, reason: "tls", sent: "no" }),
      timedOut("call"),
      ...[501, 505].map(server),
      ...[302, 404, 418, 425].map(unexpected),
      ...(["shape", "tooLarge", "encoding"] as const).map(invalid),
      lost
    ]))
})

describe("isAmbiguous", () => {
  it("is true for errors of calls that may have been processed", () =>
    allSay(isAmbiguous, true, [
      new ConnectionFailed({ ...connection, reason: "reset", sent: "maybe" }),
      timedOut("attempt"),
      timedOut("call"),
      ...[500, 501, 503, 599].map(server),
      new ServerError({ operation, status: 500, retryAfter: Duration.seconds(1) }),
      ...[302, 303, 304, 399, 408].map(unexpected),
      ...(["notJson", "shape", "tooLarge", "encoding"] as const).map(invalid),
      lost
    ]))

  it("is false for errors of calls that were certainly not processed", () =>
    allSay(isAmbiguous, false, [
      ...final,
      new RateLimited({ operation }),
      new ConnectionFailed({ ...connection, reason: "reset", sent: "no" }),
      busy,
      ...[301, 307, 308, 400, 404, 418].map(unexpected)
    ]))
})
