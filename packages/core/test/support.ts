import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import {
  Avara,
  type AvaraClient,
  type AvaraError,
  Customers,
  type CustomersService,
  CustomerUsers,
  type CustomerUsersService
} from "@effect-avara/core"
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import type { OperationName } from "../src/internal/operation/endpoint.js"

export type { OperationName } from "../src/internal/operation/endpoint.js"

export const key = "sk_live_0123456789abcdef0123456789abcdef"
export const customerId = "cus_1234567890abcdef1234567890abcdef"
export const userId = "usr_1234567890abcdef1234567890abcdef"

/** The example in the API's reference pages. */
export const exampleCustomer = {
  createdAt: "2024-01-15T09:00:00Z",
  expressCustomerId: customerId,
  expressCustomerName: "City Medical Center - Radiology Department",
  isActive: true,
  updatedAt: "2024-03-15T14:20:00Z",
  userCount: 15,
  createdByApiKeyId: "550e8400-e29b-41d4-a716-446655440000",
  createdByUserId: userId,
  metadata: { department: "radiology", region: "northeast" }
}

export const examplePage = { expressCustomers: [exampleCustomer], hasMore: false }

/** A request that the transport received, and when. */
export interface Sent {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly at: number
}

/** A response, or the cause with which the transport fails. */
export type Reply = Effect.Effect<Response, unknown>

type Headers = Readonly<Record<string, string>>

const isBodiless = (status: number) => status === 204 || status === 205 || status === 304

export const answer = (
  status: number,
  body: ConstructorParameters<typeof Response>[0] = null,
  headers: Headers = {}
): Reply => Effect.sync(() => new Response(isBodiless(status) ? null : body, { status, headers: { ...headers } }))

export const json = (status: number, body: unknown, headers: Headers = {}): Reply =>
  answer(status, JSON.stringify(body), { "content-type": "application/json", ...headers })

/** A transport error with this code, in the place where the platform's clients put it. */
export const broken = (code: string): Reply =>
  Effect.fail(new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) }))

/** The headers never arrive. */
export const stalled: Reply = Effect.never

/** The headers arrive, but the body never ends. */
export const stalledBody: Reply = Effect.sync(
  () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode("{")) }))
)

/** The same reply to every request. */
export const always = (reply: Reply): Iterable<Reply> => ({
  *[Symbol.iterator]() {
    while (true) yield reply
  }
})

const bodyText = ({ body }: HttpClientRequest.HttpClientRequest): string | undefined =>
  body._tag === "Raw" && typeof body.body === "string" ? body.body : undefined

/** Creates an `HttpClient` that responds from a list, and records its requests. A request beyond the list is a defect. */
export const script = (replies: Iterable<Reply>) => {
  const queue = replies[Symbol.iterator]()
  const sent: Array<Sent> = []
  const client = HttpClient.make((request, url) =>
    Effect.gen(function* () {
      const at = yield* Clock.currentTimeMillis
      sent.push({ method: request.method, url, headers: { ...request.headers }, body: bodyText(request), at })
      const next = queue.next()
      if (next.done === true) return yield* Effect.dieMessage(`request ${sent.length} was not expected`)
      const response = yield* Effect.mapError(
        next.value,
        (cause) => new HttpClientError.RequestError({ request, reason: "Transport", cause })
      )
      return HttpClientResponse.fromWeb(request, response)
    })
  )
  return { client, sent: sent as ReadonlyArray<Sent> }
}

export interface Api {
  readonly customers: CustomersService
  readonly users: CustomerUsersService
  readonly sent: ReadonlyArray<Sent>
}

/** Uses the services with a scripted transport. */
export const withApi = <A, E>(
  replies: Iterable<Reply>,
  use: (api: Api) => Effect.Effect<A, E, AvaraClient.AvaraClient>,
  options: Partial<AvaraClient.Options> = {}
): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const { client, sent } = script(replies)
    const layer = Avara.layer({ apiKey: Redacted.make(key), ...options }).pipe(
      Layer.provide(Layer.succeed(HttpClient.HttpClient, client)),
      Layer.orDie
    )
    return Effect.gen(function* () {
      const customers = yield* Customers
      const users = yield* CustomerUsers
      return yield* use({ customers, users, sent })
    }).pipe(Effect.provide(layer))
  })

/** Runs an Effect while the test's clock advances. */
export const asTimePasses = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  amount: Duration.DurationInput = "1 hour"
): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.fork(effect)
    yield* TestClock.adjust(amount)
    return yield* Fiber.join(fiber)
  })

/** The test's clock with a wall clock that can be set, without an effect on the monotonic time. */
export const movableWallClock = Effect.clockWith((clock) =>
  Effect.sync(() => {
    let offset = 0
    const wallMillis = () => clock.unsafeCurrentTimeMillis() + offset
    const movable: Clock.Clock = {
      [Clock.ClockTypeId]: Clock.ClockTypeId,
      unsafeCurrentTimeMillis: wallMillis,
      unsafeCurrentTimeNanos: () => clock.unsafeCurrentTimeNanos(),
      currentTimeMillis: Effect.sync(wallMillis),
      currentTimeNanos: clock.currentTimeNanos,
      sleep: (duration) => clock.sleep(duration)
    }
    const set = (byMillis: number) => {
      offset += byMillis
    }
    return { on: Effect.withClock(movable), set }
  })
)

/** Returns the waits between requests, in milliseconds. */
export const waits = (sent: ReadonlyArray<Sent>): ReadonlyArray<number> =>
  sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0))

export interface Case {
  readonly call: (api: Pick<Api, "customers" | "users">) => Effect.Effect<unknown, AvaraError>
  /** The body of a successful response. */
  readonly body: unknown
}

const success = { success: true, message: "ok" }

/** Every operation of the API, with valid input. */
export const operations: Readonly<Record<OperationName, Case>> = {
  "customers.create": {
    call: ({ customers }) =>
      customers.create({ expressCustomerName: "City Medical Center", metadata: { region: "northeast" } }),
    body: exampleCustomer
  },
  "customers.list": { call: ({ customers }) => customers.list(), body: examplePage },
  "customers.retrieve": { call: ({ customers }) => customers.retrieve(customerId), body: exampleCustomer },
  "customers.update": {
    call: ({ customers }) =>
      customers.update(customerId, { expressCustomerName: "City Medical Center", metadata: { region: "northeast" } }),
    body: exampleCustomer
  },
  "customers.deactivate": { call: ({ customers }) => customers.deactivate(customerId), body: exampleCustomer },
  "customers.reactivate": { call: ({ customers }) => customers.reactivate(customerId), body: exampleCustomer },
  "users.add": { call: ({ users }) => users.add(customerId, userId), body: success },
  "users.remove": { call: ({ users }) => users.remove(customerId, userId), body: success }
}

export const operationNames = Object.keys(operations) as ReadonlyArray<OperationName>

export const collect = <A, E, R>(stream: Stream.Stream<A, E, R>): Effect.Effect<ReadonlyArray<A>, E, R> =>
  Effect.map(Stream.runCollect(stream), Chunk.toReadonlyArray)
