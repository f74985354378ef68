import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import { type CreateError, type CreateOnceError, Customers } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as fc from "effect/FastCheck"
import { withVirtualTime } from "../support/virtualTime.js"
import { passing } from "./list.js"
import { broken, customerOf, halfBody, json, layerOver, type Reply, refused, text, withoutContent } from "./server.js"

/** A server's treatment of a create: whether it creates the customer, and what the client receives. */
interface Fate {
  readonly name: string
  readonly isDone: boolean
  readonly reply: Reply
}

const shouldRetry = [undefined, "true", "false"] as const

const answers = (statuses: ReadonlyArray<number>, headers: Readonly<Record<string, string>> = {}) =>
  statuses.flatMap((status) =>
    shouldRetry.map((word) => {
      const all = { ...headers, ...(word === undefined ? {} : { "x-should-retry": word }) }
      return { name: `${status} ${JSON.stringify(all)}`, reply: refused(status, all) }
    })
  )

/** Outcomes that prove that nothing was created. */
const refusals = [
  ...["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT", "CERT_HAS_EXPIRED"].map((code) => ({
    name: code,
    reply: broken(code)
  })),
  ...answers([400, 401, 403, 404, 409, 422, 429]),
  ...answers([429, 503], { "retry-after": "3" }),
  ...answers([429, 503], { "retry-after": "7200" }),
  ...answers([307, 308], { location: "https://example.com" })
]

/** Outcomes that prove nothing: the server may or may not have created the customer. */
const silences = [
  ...["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "EWHATEVER"].map((code) => ({ name: code, reply: broken(code) })),
  ...answers([408, 500, 502, 503, 504, 599]),
  ...answers([503], { "retry-after": "soon" }),
  ...answers([302, 303], { location: "https://example.com" }),
  { name: "a stall", reply: Effect.never },
  { name: "half a body", reply: halfBody },
  { name: "no body", reply: withoutContent },
  { name: "HTML", reply: text("<html>ok</html>") },
  { name: "cut JSON", reply: text('{"expressCustomerId":"cus_') },
  { name: "another shape", reply: json({ id: 1 }) }
]

const refusal = fc.constantFrom(...refusals.map((fate): Fate => ({ ...fate, isDone: false })))

const silence = fc
  .tuple(fc.constantFrom(...silences), fc.boolean())
  .map(([fate, isDone]): Fate => ({ ...fate, isDone }))

const fates = fc.array(fc.oneof(refusal, silence), { maxLength: 8 })

interface Made {
  readonly id: string
  readonly metadata: Readonly<Record<string, string>>
}

const key = "row-77"

const others: ReadonlyArray<Made> = Array.from({ length: 7 }, (_, index) => ({
  id: `cus_other-${index}`,
  metadata: { createOnceKey: `row-${index}`, other: key, note: key }
}))

const metadataOf = ({ body }: HttpClientRequest.HttpClientRequest): Readonly<Record<string, string>> => {
  const sent: unknown = body._tag === "Raw" && typeof body.body === "string" ? JSON.parse(body.body) : {}
  return (sent as { readonly metadata?: Readonly<Record<string, string>> }).metadata ?? {}
}

/** A server whose creates share one list of outcomes, and whose lists share one list of faults. */
const makeServer = (fates: ReadonlyArray<Fate>, faults: ReadonlyArray<Reply | undefined>) => {
  const made = [...others]
  const heard: Array<string> = []
  const queue = [...fates]
  const listQueue = [...faults]

  const create = (request: HttpClientRequest.HttpClientRequest): Reply => {
    const fate = queue.shift()
    const customer = { id: `cus_made-${made.length}`, metadata: metadataOf(request) }
    if (fate?.isDone !== false) made.push(customer)
    heard.push(fate?.name ?? "done")
    return fate?.reply ?? json(customerOf(customer.id, customer.metadata))
  }

  const list = (url: URL): Reply => {
    const fault = listQueue.shift()
    if (fault !== undefined) return fault
    const offset = Number(url.searchParams.get("cursor") ?? 0)
    const customers = made.slice(offset, offset + 3).map(({ id, metadata }) => customerOf(id, metadata))
    const end = offset + customers.length
    return json({ expressCustomers: customers, hasMore: end < made.length, cursor: String(end) })
  }

  return {
    answer: (request: HttpClientRequest.HttpClientRequest, url: URL) =>
      request.method === "POST" ? create(request) : list(url),
    mine: () => made.slice(others.length),
    heard: heard as ReadonlyArray<string>
  }
}

type Server = ReturnType<typeof makeServer>

const clientOf = (server: Server, idempotencyHeader?: string) =>
  layerOver(server.answer, { retryBudget: Infinity, idempotencyHeader })

const params = { expressCustomerName: "City Medical Center", metadata: { region: "northeast" } }

const settings = { timeout: 60_000, fastCheck: { numRuns: 150 } }

/** The invariant of every outcome: success means one customer, `OutcomeUnknown` at most one, any other failure none. */
const expectAtMostOne = <A extends { readonly expressCustomerId: string }>(
  outcome: Either.Either<A, CreateError | CreateOnceError>,
  server: Server
) => {
  const ids = server.mine().map(({ id }) => id)
  if (Either.isRight(outcome)) return expect([outcome.right.expressCustomerId]).toEqual(ids)
  return expect(ids.length).toBeLessThanOrEqual(outcome.left._tag === "OutcomeUnknown" ? 1 : 0)
}

const isRefusal = (name: string | undefined) => refusals.some((refusal) => refusal.name === name)

const passingFaults = fc.array(
  fc.oneof(fc.constant(undefined), fc.constantFrom(...passing.map(({ reply }) => reply))),
  { maxLength: 2 }
)

const anyFaults = fc.array(
  fc.oneof(fc.constant(undefined), fc.constantFrom(refused(401), text("<html>"), ...passing.map(({ reply }) => reply))),
  { maxLength: 12 }
)

describe("create", () => {
  it.live.prop(
    "creates at most one customer, and reports when it does not know",
    { fates },
    ({ fates }) => {
      const server = makeServer(fates, [])
      return Effect.gen(function* () {
        const customers = yield* Customers
        const outcome = yield* withVirtualTime(Effect.either(customers.create(params)))
        expectAtMostOne(outcome, server)
        const isUnknown = Either.isLeft(outcome) && outcome.left._tag === "OutcomeUnknown"
        expect(isUnknown).toBe(server.heard.at(-1) !== "done" && !isRefusal(server.heard.at(-1)))
        expect(server.heard.slice(0, -1).every(isRefusal)).toBe(true)
      }).pipe(Effect.provide(clientOf(server)))
    },
    settings
  )

  it.live.prop(
    "is sent again after what proves that nothing was made",
    { fates: fc.array(fc.constantFrom("429 {}", "ECONNREFUSED", '503 {"retry-after":"3"}'), { maxLength: 2 }) },
    ({ fates }) => {
      const server = makeServer(
        fates.flatMap((name) =>
          refusals.filter((refusal) => refusal.name === name).map((fate) => ({ ...fate, isDone: false }))
        ),
        []
      )
      return Effect.gen(function* () {
        const customers = yield* Customers
        const outcome = yield* withVirtualTime(Effect.either(customers.create(params)))
        expect(Either.isRight(outcome)).toBe(true)
        expect(server.heard).toEqual([...fates, "done"])
      }).pipe(Effect.provide(clientOf(server)))
    },
    settings
  )
})

describe("createOnce", () => {
  const once = (server: Server, lookFirst: boolean) =>
    Effect.gen(function* () {
      const customers = yield* Customers
      return yield* withVirtualTime(Effect.either(customers.createOnce({ ...params, key, lookFirst })))
    }).pipe(Effect.provide(clientOf(server)))

  it.live.prop(
    "makes at most one customer, whatever is lost of creates and looks",
    { fates, faults: anyFaults, lookFirst: fc.boolean() },
    ({ fates, faults, lookFirst }) => {
      const server = makeServer(fates, faults)
      return Effect.map(once(server, lookFirst), (outcome) => {
        expectAtMostOne(outcome, server)
        const keys = server.mine().map(({ metadata }) => metadata)
        expect(keys).toEqual(keys.map(() => ({ region: "northeast", createOnceKey: key })))
      })
    },
    settings
  )

  it.live.prop(
    "ends with exactly one customer where two creates and any passing faults of the looks are lost",
    { fates: fc.array(silence, { maxLength: 2 }), faults: passingFaults, lookFirst: fc.boolean() },
    ({ fates, faults, lookFirst }) => {
      const server = makeServer(fates, faults)
      return Effect.map(once(server, lookFirst), (outcome) => {
        expect(Either.isRight(outcome)).toBe(true)
        expectAtMostOne(outcome, server)
      })
    },
    settings
  )
})
