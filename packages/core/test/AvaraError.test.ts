import { describe, expect, it } from "@effect/vitest"
import {
  AvaraError,
  BrokenPagination,
  Conflict,
  ConnectionFailed,
  Forbidden,
  Inactive,
  InvalidResponse,
  isRetryable,
  NotFound,
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
    new BrokenPagination({ operation, reason: "refusedCursor", cursor: "a", status: 400, page: 2, seen: 20 })
  ]) {
    it(`${error._tag} is read back as it was`, () => {
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

  it("tells 400 from 422 in its message", () => {
    const messages = [400, 422].map(
      (status) => new Validation({ operation, source: "server", status, issues: [] }).message
    )
    expect(messages.map((message) => /\((\d+)\)/.exec(message)?.[1])).toEqual(["400", "422"])
  })
})

describe("isRetryable", () => {
  const connection = { operation, sent: "no", origin: "https://example.com" } as const

  const server = (status: number) => new ServerError({ operation, status })

  const unexpected = (status: number) => new UnexpectedStatus({ operation, status })

  for (const [expected, errors] of [
    [
      true,
      [
        new RateLimited({ operation }),
        new ConnectionFailed({ ...connection, reason: "reset" }),
        new TimedOut({ operation, scope: "attempt", limit: Duration.seconds(1) }),
        ...[500, 502, 503, 504, 506, 507, 511, 520, 525, 530, 599].map(server),
        unexpected(408),
        invalid("notJson")
      ]
    ],
    [
      false,
      [
        new ConnectionFailed({ ...connection, reason: "tls" }),
        new TimedOut({ operation, scope: "call", limit: Duration.seconds(1) }),
        ...[501, 505].map(server),
        ...[302, 404, 418, 425].map(unexpected),
        invalid("shape"),
        invalid("tooLarge"),
        invalid("encoding"),
        new Unauthorized({ operation }),
        new Conflict({ operation, status: 409 })
      ]
    ]
  ] as const) {
    it(`is ${expected} for ${errors.length} errors`, () => {
      expect(errors.filter((error) => isRetryable(error) !== expected).map(({ message }) => message)).toEqual([])
    })
  }
})
