import { describe, expect, it } from "@effect/vitest"
import {
  Customers,
  type CustomersService,
  CustomerUsers,
  type CustomerUsersService,
  RetryPolicy
} from "@effect-avara/core"
import { NodeAvara } from "@effect-avara/node"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { customerId, exampleCustomer, key, userId } from "../../packages/core/test/support.js"
import { type Answer, type Respond, recordingServer } from "../support/recordingServer.js"

interface Services {
  readonly customers: CustomersService
  readonly users: CustomerUsersService
}

/** Uses the services against a recording server on a socket, and returns the recording with the result. */
const onTheWire = <A, E>(respond: Respond, use: (services: Services) => Effect.Effect<A, E>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const server = yield* recordingServer(respond)
      const result = yield* Effect.gen(function* () {
        return yield* use({ customers: yield* Customers, users: yield* CustomerUsers })
      }).pipe(
        Effect.either,
        Effect.provide(NodeAvara.layer({ apiKey: Redacted.make(key), baseUrl: server.url, retry: RetryPolicy.none }))
      )
      return { result, requests: server.requests }
    })
  )

const customer = {
  createdAt: DateTime.unsafeMake("2024-01-15T09:00:00Z"),
  expressCustomerId: customerId,
  expressCustomerName: "City Medical Center - Radiology Department",
  isActive: true,
  updatedAt: DateTime.unsafeMake("2024-03-15T14:20:00Z"),
  userCount: 15,
  createdByApiKeyId: "550e8400-e29b-41d4-a716-446655440000",
  createdByUserId: userId,
  metadata: { department: "radiology", region: "northeast" }
}

const listed = { expressCustomers: [exampleCustomer], hasMore: true, cursor: "eyJvZmZzZXQiOjIwfQ==" }

const success = { success: true, message: "message" }

interface Contract {
  readonly operation: string
  readonly call: (services: Services) => Effect.Effect<unknown, unknown>
  readonly method: string
  readonly target: string
  /** The exact bytes; undefined means that there is no body. */
  readonly body?: string
  readonly answer: unknown
  readonly value: unknown
}

const contracts: ReadonlyArray<Contract> = [
  {
    operation: "create",
    call: ({ customers }) => customers.create({ expressCustomerName: "City Medical Center - Radiology Department" }),
    method: "POST",
    target: "/v1/express",
    body: '{"expressCustomerName":"City Medical Center - Radiology Department"}',
    answer: exampleCustomer,
    value: customer
  },
  {
    operation: "create with metadata",
    call: ({ customers }) =>
      customers.create({ expressCustomerName: '東京 "中央"\n', metadata: { ключ: "😀", "": "" } }),
    method: "POST",
    target: "/v1/express",
    body: '{"expressCustomerName":"東京 \\"中央\\"\\n","metadata":{"ключ":"😀","":""}}',
    answer: exampleCustomer,
    value: customer
  },
  {
    operation: "list",
    call: ({ customers }) => customers.list(),
    method: "GET",
    target: "/v1/express",
    answer: listed,
    value: { expressCustomers: [customer], hasMore: true, cursor: "eyJvZmZzZXQiOjIwfQ==" }
  },
  {
    operation: "list from a cursor",
    call: ({ customers }) => customers.list({ cursor: "eyJvZmZzZXQiOjIwfQ==", limit: 50 }),
    method: "GET",
    target: "/v1/express?cursor=eyJvZmZzZXQiOjIwfQ%3D%3D&limit=50",
    answer: { expressCustomers: [], hasMore: false },
    value: { expressCustomers: [], hasMore: false }
  },
  {
    operation: "retrieve",
    call: ({ customers }) => customers.retrieve(customerId),
    method: "GET",
    target: `/v1/express/${customerId}`,
    answer: exampleCustomer,
    value: customer
  },
  {
    operation: "update",
    call: ({ customers }) =>
      customers.update(customerId, { expressCustomerName: "New", metadata: { region: "south" } }),
    method: "PATCH",
    target: `/v1/express/${customerId}`,
    body: '{"expressCustomerName":"New","metadata":{"region":"south"}}',
    answer: exampleCustomer,
    value: customer
  },
  {
    operation: "update of nothing",
    call: ({ customers }) => customers.update(customerId, { expressCustomerName: undefined }),
    method: "PATCH",
    target: `/v1/express/${customerId}`,
    body: "{}",
    answer: exampleCustomer,
    value: customer
  },
  {
    operation: "update that clears the metadata",
    call: ({ customers }) => customers.update(customerId, { metadata: null }),
    method: "PATCH",
    target: `/v1/express/${customerId}`,
    body: '{"metadata":null}',
    answer: exampleCustomer,
    value: customer
  },
  {
    operation: "deactivate",
    call: ({ customers }) => customers.deactivate(customerId),
    method: "POST",
    target: `/v1/express/${customerId}/deactivate`,
    answer: exampleCustomer,
    value: customer
  },
  {
    operation: "reactivate",
    call: ({ customers }) => customers.reactivate(customerId),
    method: "POST",
    target: `/v1/express/${customerId}/reactivate`,
    answer: exampleCustomer,
    value: customer
  },
  {
    operation: "users.add",
    call: ({ users }) => users.add(customerId, userId),
    method: "POST",
    target: `/v1/express/${customerId}/users`,
    body: `{"userId":"${userId}"}`,
    answer: success,
    value: success
  },
  {
    operation: "users.remove",
    call: ({ users }) => users.remove(customerId, userId),
    method: "DELETE",
    target: `/v1/express/${customerId}/users`,
    body: `{"userId":"${userId}"}`,
    answer: success,
    value: success
  }
]

/** Headers of the connection, which the transport adds. */
const transportHeaders = new Set(["host", "connection", "content-length", "transfer-encoding", "accept-encoding"])

describe("the request of", () => {
  for (const { answer, body, call, method, operation, target, value } of contracts) {
    it.live(`${operation} is the documented one, and its documented response is read`, () =>
      Effect.gen(function* () {
        const { requests, result } = yield* onTheWire(() => ({ body: answer }), call)
        expect(result).toMatchObject({ _tag: "Right" })
        expect("right" in result ? result.right : undefined).toEqual(value)
        expect(requests).toHaveLength(1)
        const [request] = requests
        expect([request?.method, request?.target, request?.body]).toEqual([method, target, body ?? ""])
        const headers = Object.entries(request?.headers ?? {}).filter(([name]) => !transportHeaders.has(name))
        expect(Object.fromEntries(headers)).toEqual({
          authorization: `Bearer ${key}`,
          accept: "application/json",
          "user-agent": expect.stringMatching(/^effect-avara\/\d+\.\d+\.\d+$/),
          ...(body === undefined ? {} : { "content-type": "application/json" })
        })
        const hasBody =
          Number(request?.headers["content-length"] ?? 0) > 0 || request?.headers["transfer-encoding"] !== undefined
        expect(hasBody).toBe(body !== undefined)
      })
    )
  }
})

const scripted =
  (...answers: ReadonlyArray<Answer>): Respond =>
  (_, index) =>
    answers[index] ?? { status: 599 }

describe("a refusal of users.add without a reason", () => {
  for (const status of [403, 409]) {
    const refused = { status, headers: { "x-request-id": "req-1" } }

    it.live(`with ${status} is Inactive if the customer turns out to be deactivated`, () =>
      Effect.gen(function* () {
        const { requests, result } = yield* onTheWire(
          scripted(refused, { body: { ...exampleCustomer, isActive: false } }),
          ({ users }) => users.add(customerId, userId)
        )
        expect(requests.map(({ method, target }) => `${method} ${target}`)).toEqual([
          `POST /v1/express/${customerId}/users`,
          `GET /v1/express/${customerId}`
        ])
        expect("left" in result ? result.left : undefined).toMatchObject({
          _tag: "Inactive",
          operation: "users.add",
          id: customerId,
          requestId: "req-1"
        })
      })
    )

    for (const [what, second] of [
      ["is active", { body: exampleCustomer }],
      ["cannot be looked at", { status: 500 }]
    ] as const) {
      it.live(`with ${status} stays the same error if the customer ${what}`, () =>
        Effect.gen(function* () {
          const { requests, result } = yield* onTheWire(scripted(refused, second), ({ users }) =>
            users.add(customerId, userId)
          )
          expect(requests).toHaveLength(2)
          expect("left" in result ? result.left : undefined).toMatchObject({
            _tag: status === 403 ? "Forbidden" : "Conflict",
            operation: "users.add",
            requestId: "req-1"
          })
        })
      )
    }
  }

  it.live("causes no lookup if the refusal contains its reason", () =>
    Effect.gen(function* () {
      const { requests, result } = yield* onTheWire(
        scripted({ status: 409, body: { error: { code: "customer_inactive", message: "Inactive." } } }),
        ({ users }) => users.add(customerId, userId)
      )
      expect(requests).toHaveLength(1)
      expect("left" in result ? result.left : undefined).toMatchObject({ _tag: "Inactive" })
    })
  )
})

describe("a response with success: false", () => {
  for (const [operation, call] of [
    ["users.add", ({ users }: Services) => users.add(customerId, userId)],
    ["users.remove", ({ users }: Services) => users.remove(customerId, userId)]
  ] as const) {
    it.live(`of ${operation} is a Conflict with the server's message`, () =>
      Effect.gen(function* () {
        const { result } = yield* onTheWire(
          ({ method }) => ({ body: method === "GET" ? exampleCustomer : { success: false, message: "Not now." } }),
          call
        )
        expect("left" in result ? result.left : undefined).toMatchObject({
          _tag: "Conflict",
          operation,
          detail: "Not now."
        })
      })
    )
  }
})

describe("a redirect", () => {
  it.live("is not followed, so that the key reaches no other server", () =>
    Effect.gen(function* () {
      const { requests, result } = yield* onTheWire(
        () => ({ status: 302, headers: { location: "/v1/elsewhere" } }),
        ({ customers }) => customers.retrieve(customerId)
      )
      expect(requests).toHaveLength(1)
      expect("left" in result ? result.left : undefined).toMatchObject({ _tag: "UnexpectedStatus", status: 302 })
    })
  )
})
