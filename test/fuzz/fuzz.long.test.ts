import { inspect } from "node:util"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { expect, it } from "@effect/vitest"
import {
  Avara,
  AvaraClient,
  AvaraError,
  type CreateError,
  Customer,
  CustomerPage,
  Customers,
  CustomerUsers,
  type ListError,
  type ReactivateError,
  type RequestError,
  type RetrieveActiveError,
  type RetrieveError,
  RetryPolicy,
  type StreamError,
  SuccessResponse,
  type UpdateError,
  type UserError
} from "@effect-avara/core"
import { type Listener, Transport, TransportError } from "@effect-avara/core/internal/transport"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { makeHttpTransport } from "../../packages/core/src/internal/transport/http.js"
import { unpack } from "../../packages/node/src/internal/unpack.js"
import { scaled } from "../support/scale.js"
import { type Json, type Mutant, mutant } from "./mutation.js"
import { makeChance } from "./random.js"

const apiKey = "MARKED~key~0123456789/+abc"

const tenant = 'MARKED tenant "77"'

const name = "MARKED name of a clinic"

const secrets = [apiKey, tenant, name] as const

const customerId = "cus_1234567890abcdef1234567890abcdef"

const userId = "usr_1234567890abcdef1234567890abcdef"

const customer = {
  createdAt: "2024-01-15T09:00:00Z",
  expressCustomerId: customerId,
  expressCustomerName: "City Medical Center",
  isActive: true,
  updatedAt: null,
  userCount: 15,
  createdByApiKeyId: "550e8400-e29b-41d4-a716-446655440000",
  createdByUserId: userId,
  metadata: { department: "radiology", region: "northeast" }
}

const page = { expressCustomers: [customer, customer], hasMore: true, cursor: "eyJvZmZzZXQiOjIwfQ==" }

const lastPage = { expressCustomers: [customer], hasMore: false }

const success = { success: true, message: "User added" }

const refusals: readonly [Json, ...ReadonlyArray<Json>] = [
  { message: `no ${apiKey}` },
  { error: { message: `the customer of ${tenant} is deactivated`, code: "inactive" } },
  { error: "not found", code: "user_not_found" },
  {
    message: "invalid",
    errors: [
      { path: ["metadata", name], message: `not ${name}` },
      { field: "x", message: "y" }
    ]
  },
  { details: [{ loc: ["body", 0], msg: apiKey, type: "value_error" }], title: "Unprocessable" },
  { success: false, message: `no ${apiKey}` },
  `plain words with ${apiKey}`,
  `<!doctype html><html><head><title>502 ${apiKey}</title></head><body><h1>Bad Gateway</h1></body></html>`
]

const callTags = {
  Validation: true,
  Unauthorized: true,
  Forbidden: true,
  RateLimited: true,
  ServerError: true,
  ConnectionFailed: true,
  TimedOut: true,
  UnexpectedStatus: true
} as const

type Tags<E extends AvaraError> = Readonly<Record<E["_tag"], true>>

const listTags: Tags<ListError> = { ...callTags, InvalidResponse: true }

const retrieveTags: Tags<RetrieveError> = { ...listTags, NotFound: true }

const updateTags: Tags<UpdateError> = { ...retrieveTags, Conflict: true, Inactive: true }

interface Case {
  readonly call: Effect.Effect<unknown, AvaraError, Avara.Services>
  readonly sound: Json
  readonly tags: Partial<Record<AvaraError["_tag"], true>>
  readonly isValue: (value: unknown) => boolean
  /** Whether the request contains the name of the clinic. */
  readonly sendsName?: true
}

const isCustomer = Schema.is(Customer)

const params = { expressCustomerName: name, metadata: { region: "northeast" } }

const cases: readonly [Case, ...ReadonlyArray<Case>] = [
  {
    call: Effect.flatMap(Customers, (customers) => customers.create(params)),
    sound: customer,
    tags: { ...callTags, Conflict: true, OutcomeUnknown: true } satisfies Tags<CreateError>,
    isValue: isCustomer,
    sendsName: true
  },
  {
    call: Effect.flatMap(Customers, (customers) => customers.list()),
    sound: page,
    tags: listTags,
    isValue: Schema.is(CustomerPage)
  },
  {
    call: Effect.flatMap(Customers, (customers) => Stream.runCount(customers.stream({ maxPages: 5 }))),
    sound: page,
    tags: { ...listTags, BrokenPagination: true } satisfies Tags<StreamError>,
    isValue: Number.isSafeInteger
  },
  {
    call: Effect.flatMap(Customers, (customers) => Stream.runCount(customers.stream())),
    sound: lastPage,
    tags: { ...listTags, BrokenPagination: true } satisfies Tags<StreamError>,
    isValue: Number.isSafeInteger
  },
  {
    call: Effect.flatMap(Customers, (customers) => customers.retrieve(customerId)),
    sound: customer,
    tags: retrieveTags,
    isValue: isCustomer
  },
  {
    call: Effect.flatMap(Customers, (customers) => customers.retrieveActive(customerId)),
    sound: customer,
    tags: { ...retrieveTags, Inactive: true } satisfies Tags<RetrieveActiveError>,
    isValue: isCustomer
  },
  {
    call: Effect.flatMap(Customers, (customers) => customers.update(customerId, params)),
    sound: customer,
    tags: updateTags,
    isValue: isCustomer,
    sendsName: true
  },
  {
    call: Effect.flatMap(Customers, (customers) => customers.deactivate(customerId)),
    sound: customer,
    tags: updateTags,
    isValue: isCustomer
  },
  {
    call: Effect.flatMap(Customers, (customers) => customers.reactivate(customerId)),
    sound: customer,
    tags: { ...retrieveTags, Conflict: true } satisfies Tags<ReactivateError>,
    isValue: isCustomer
  },
  {
    call: Effect.flatMap(CustomerUsers, (users) => users.add(customerId, userId)),
    sound: success,
    tags: updateTags satisfies Tags<UserError>,
    isValue: Schema.is(SuccessResponse)
  },
  {
    call: Effect.flatMap(CustomerUsers, (users) => users.remove(customerId, userId)),
    sound: success,
    tags: updateTags satisfies Tags<UserError>,
    isValue: Schema.is(SuccessResponse)
  },
  {
    call: AvaraClient.request({
      method: "POST",
      path: "/v1/express/{id}/studies",
      params: { id: customerId },
      body: { note: name },
      response: Schema.Struct({ success: Schema.Boolean, message: Schema.optional(Schema.NonEmptyTrimmedString) })
    }),
    sound: success,
    tags: {
      ...callTags,
      NotFound: true,
      Conflict: true,
      InvalidResponse: true,
      OutcomeUnknown: true
    } satisfies Tags<RequestError>,
    isValue: (value) => typeof value === "object" && value !== null && "success" in value,
    sendsName: true
  }
]

const encodeError = Schema.encodeSync(AvaraError)

const longest = 20_000

/** The fault of a failure: the operation does not name it, it cannot be stored, or it reveals too much. */
const wrongError = (error: AvaraError, { sendsName, tags }: Case): string | undefined => {
  if (tags[error._tag] !== true) return `the tag ${error._tag} is not one of the operation's`
  // A cursor is the server's own text and must stay unchanged so that the list can be resumed.
  const shown = { ...error, cause: error.cause, cursor: undefined, resumeCursor: undefined }
  const texts = [
    error.message,
    String(error),
    JSON.stringify({ ...encodeError(error), cursor: undefined, resumeCursor: undefined }),
    inspect(shown, { depth: 10 })
  ]
  const hidden = sendsName === true ? secrets : [apiKey, tenant]
  const secret = hidden.find((secret) => texts.some((text) => text.includes(secret)))
  if (secret !== undefined) return `${error._tag} holds ${secret}`
  return error.message.length > longest
    ? `${error._tag} has a message of ${error.message.length} characters`
    : undefined
}

const wrongExit = (exit: Exit.Exit<unknown, AvaraError>, mutant: Mutant, fuzzed: Case): string | undefined => {
  if (Exit.isSuccess(exit)) {
    if (mutant.status < 200 || mutant.status > 299) return `a value from the status ${mutant.status}`
    return fuzzed.isValue(exit.value) ? undefined : "a value of another shape"
  }
  return Option.match(Cause.failureOption(exit.cause), {
    onNone: () => `a defect: ${Cause.pretty(exit.cause)}`,
    onSome: (error) => wrongError(error, fuzzed)
  })
}

const maxBodySize = 64 * 1024

const webResponse = (request: HttpClientRequest.HttpClientRequest, { body, headers, status }: Mutant) =>
  HttpClientResponse.fromWeb(request, new Response(body, { status, headers }))

/** As on Node, where a response does not come from an `HttpClient`. */
const listen = ({ body, headers, status }: Mutant, { onEnd, onHead }: Listener): Effect.Effect<void> => {
  const head = { status, headers }
  onHead(head)
  unpack(new Uint8Array(body ?? []), headers["content-encoding"], maxBodySize, (cause, bytes) =>
    onEnd(cause === null ? Exit.succeed({ head, body: bytes }) : Exit.fail(new TransportError({ cause })))
  )
  return Effect.void
}

const describeMutant = ({ body, headers, status }: Mutant) =>
  JSON.stringify({ status, headers, body: Buffer.from(body ?? []).toString("base64") })

// Stack traces cost more than everything else here.
Error.stackTraceLimit = 0

const seed = Number(process.env["AVARA_TEST_SEED"] ?? Date.now() % 2 ** 31)

const total = scaled(100_000)

const layerOf = (current: () => Mutant, isNode: () => boolean) =>
  Avara.layer({
    apiKey: Redacted.make(apiKey),
    headers: { "x-tenant": tenant },
    retry: RetryPolicy.none,
    timeout: Duration.infinity,
    maxBodySize
  }).pipe(
    Layer.provide(
      Layer.scoped(
        Transport,
        Effect.map(makeHttpTransport, (http) => ({
          send: (request, runtime, listener) =>
            isNode() ? listen(current(), listener) : http.send(request, runtime, listener)
        }))
      )
    ),
    Layer.provide(
      Layer.sync(HttpClient.HttpClient, () =>
        HttpClient.make((request) => Effect.sync(() => webResponse(request, current())))
      )
    )
  )

it.live(
  `${total} mutated responses end in a value or in an error that the operation names`,
  () => {
    let number = 0
    let values = 0
    let current: Mutant = { status: 200, headers: {}, body: null }
    let isNode = false

    const failed = (wrong: string) =>
      Effect.dieMessage(`case ${number} of AVARA_TEST_SEED=${seed}: ${wrong}\n${describeMutant(current)}`)

    const check = Effect.gen(function* () {
      const random = makeChance(seed + number)
      const fuzzed = cases[number % cases.length] ?? cases[0]
      isNode = random.chance(0.5)
      current = mutant(random, random.chance(0.7) ? fuzzed.sound : random.pick(refusals), secrets)
      const exit = yield* Effect.exit(fuzzed.call)
      const wrong = wrongExit(exit, current, fuzzed)
      if (wrong !== undefined) return yield* failed(wrong)
      if (Exit.isSuccess(exit)) values += 1
      number += 1
    })

    /** A deadline for each case would cost more than the case. */
    const watch = (last: number): Effect.Effect<never> =>
      Effect.suspend(() => (number === last ? failed("no end within 10 seconds") : watch(number))).pipe(
        Effect.delay("10 seconds")
      )

    const run = Effect.whileLoop({ while: () => number < total, body: () => check, step: () => undefined })

    return Effect.gen(function* () {
      const start = performance.now()
      yield* Effect.raceFirst(run, watch(-1))
      const seconds = Math.round((performance.now() - start) / 100) / 10
      const counts = `${total} responses, ${values} values, ${total - values} errors`
      console.log(`fuzz: AVARA_TEST_SEED=${seed}, ${counts}, ${seconds} s`)
      expect(values).toBeGreaterThan(total / 100)
      expect(values).toBeLessThan(total / 2)
    }).pipe(
      Effect.withTracerEnabled(false),
      Effect.provide(
        layerOf(
          () => current,
          () => isNode
        )
      )
    )
  },
  1_800_000
)
