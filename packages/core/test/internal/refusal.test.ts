import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type { AnyOperation, Refusal } from "../../src/internal/request/operation.js"
import { makeTemplate } from "../../src/internal/request/path.js"
import type { Detail } from "../../src/internal/response/detail.js"
import { refusalOf } from "../../src/internal/response/refusal.js"

const allRefusals: ReadonlyArray<Refusal> = ["NotFound", "Conflict", "Inactive"]

const customer = { resource: "customer", id: "cus_1" }

const member = { ...customer, userId: "usr_1" }

const operation = (subject: AnyOperation["subject"], refusals: ReadonlyArray<Refusal>): AnyOperation => ({
  name: "customers.update",
  method: "PATCH",
  path: { template: makeTemplate("/v1/express"), params: {} },
  decode: Either.right,
  replay: "safe",
  refusals,
  ...(subject === undefined ? {} : { subject })
})

const context = { operation: "customers.update", attempts: 2, requestId: "req_1" }

const silent: Detail = { issues: [], saysInactive: false, saysUser: false }

const inactive = { saysInactive: true, message: "It is inactive." }

const noMember = { saysUser: true, membership: "missing" } as const

const refuse = (
  status: number,
  {
    detail = {},
    refusals = allRefusals,
    retryAfter = Option.none(),
    subject = customer
  }: {
    readonly detail?: Partial<Detail>
    readonly refusals?: ReadonlyArray<Refusal>
    readonly retryAfter?: Option.Option<Duration.Duration>
    readonly subject?: AnyOperation["subject"]
  }
) => refusalOf(operation(subject, refusals), { context, status, retryAfter, detail: { ...silent, ...detail } })

const message = "No."

const issues = [{ path: ["expressCustomerName"], message: "is too long" }]

const noReason = [{ path: [], message: "no reason was given" }]

const wait = { retryAfter: Duration.seconds(7) }

const asked = { retryAfter: Option.some(wait.retryAfter) }

describe("the error of a refusal", () => {
  for (const [what, status, circumstances, expected] of [
    ["400", 400, {}, { _tag: "Validation", source: "server", status: 400, issues: noReason }],
    [
      "422 with words",
      422,
      { detail: { message } },
      { _tag: "Validation", source: "server", status: 422, issues: [{ path: [], message }] }
    ],
    [
      "422 with issues",
      422,
      { detail: { message, issues } },
      { _tag: "Validation", source: "server", status: 422, issues }
    ],
    ["401", 401, { detail: { message } }, { _tag: "Unauthorized", status: 401, detail: message }],
    ["401 without words", 401, {}, { _tag: "Unauthorized", status: 401 }],
    ["403", 403, { detail: { message } }, { _tag: "Forbidden", status: 403, detail: message }],
    ["404", 404, { detail: { message } }, { _tag: "NotFound", status: 404, ...customer, detail: message }],
    ["404 for the customer of a user", 404, { subject: member }, { _tag: "NotFound", status: 404, ...customer }],
    [
      "404 that mentions a user",
      404,
      { subject: member, detail: noMember },
      { _tag: "NotFound", status: 404, resource: "user", id: "usr_1", membership: "missing" }
    ],
    [
      "404 that mentions a user in an operation without one",
      404,
      { detail: noMember },
      { _tag: "NotFound", status: 404, ...customer }
    ],
    ["404 in an operation without NotFound", 404, { refusals: [] }, { _tag: "UnexpectedStatus", status: 404 }],
    ["409", 409, { detail: { message } }, { _tag: "Conflict", status: 409, detail: message }],
    [
      "409 for a member",
      409,
      { subject: member, detail: { membership: "exists" } },
      { _tag: "Conflict", status: 409, membership: "exists" }
    ],
    [
      "409 for a member in an operation without a user",
      409,
      { detail: { membership: "exists" } },
      { _tag: "Conflict", status: 409 }
    ],
    ["409 in an operation without Conflict", 409, { refusals: [] }, { _tag: "UnexpectedStatus", status: 409 }],
    ...[400, 403, 409, 422].map(
      (status) =>
        [
          `${status} that says inactive`,
          status,
          { detail: inactive },
          { _tag: "Inactive", status, id: "cus_1", detail: inactive.message }
        ] as const
    ),
    [
      "403 that says inactive in an operation without Inactive",
      403,
      { detail: inactive, refusals: [] },
      { _tag: "Forbidden", status: 403, detail: inactive.message }
    ],
    [
      "404 that says inactive",
      404,
      { detail: inactive },
      { _tag: "NotFound", status: 404, ...customer, detail: inactive.message }
    ],
    ["429", 429, { detail: { message }, ...asked }, { _tag: "RateLimited", status: 429, detail: message, ...wait }],
    ["429 without a wait", 429, {}, { _tag: "RateLimited", status: 429 }],
    ["500", 500, { detail: { message } }, { _tag: "ServerError", status: 500, detail: message }],
    ["503 with a wait", 503, asked, { _tag: "ServerError", status: 503, ...wait }],
    ["599", 599, {}, { _tag: "ServerError", status: 599 }],
    ["499", 499, { detail: { message }, ...asked }, { _tag: "UnexpectedStatus", status: 499, detail: message }],
    ["301", 301, {}, { _tag: "UnexpectedStatus", status: 301 }]
  ] as ReadonlyArray<readonly [string, number, Parameters<typeof refuse>[1], object]>) {
    it(what, () => {
      const error = refuse(status, circumstances)
      expect({ ...error }).toEqual({ ...context, ...expected })
    })
  }

  it("has placeholders if the operation has no subject", () => {
    const nothing = operation(undefined, allRefusals)
    const refused = { context, retryAfter: Option.none(), detail: silent }
    expect(refusalOf(nothing, { ...refused, status: 404 })).toMatchObject({ resource: "resource", id: "" })
    expect(refusalOf(nothing, { ...refused, status: 403, detail: { ...silent, ...inactive } })).toMatchObject({
      id: ""
    })
  })
})
