import { inspect } from "node:util"
import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import {
  Avara,
  AvaraClient,
  AvaraError,
  type CreateParams,
  Customers,
  CustomerUsers,
  NotFound,
  RetryPolicy,
  type UpdateParams
} from "@effect-avara/core"
import { NodeAvara } from "@effect-avara/node"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FiberRef from "effect/FiberRef"
import * as HashSet from "effect/HashSet"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import { always, customerId, exampleCustomer, script, stalled, userId } from "../../packages/core/test/support.js"
import { type Answer, type Recorded, type Respond, recordingServer } from "../support/recordingServer.js"

/** Every mark contains this, raw and however it is escaped. */
const mark = "QZXMARK"

const key = `sk_live_${mark}key0123456789`
const name = `${mark}name "Jane Roe" <é&😀>`
const metadata = { [`${mark}metakey`]: `${mark}metavalue\n\\`, region: `${mark} region` }
const customHeader = `${mark}header-value`
const extraQuery = `${mark}query value`

/** A customer on the server, with values that the client never sent. */
const answered = {
  ...exampleCustomer,
  expressCustomerName: `${mark}received name`,
  createdByApiKeyId: `${mark}-api-key-id`,
  metadata: { [`${mark}received-key`]: `${mark}received value` }
}

interface Services {
  readonly customers: Customers["Type"]
  readonly users: CustomerUsers["Type"]
}

type Call = (services: Services) => Effect.Effect<unknown, AvaraError, AvaraClient.AvaraClient>

const params: CreateParams & UpdateParams = { expressCustomerName: name, metadata }

const calls: Readonly<Record<string, Call>> = {
  create: ({ customers }) => customers.create(params),
  list: ({ customers }) => customers.list({ cursor: "eyJvZmZzZXQiOjIwfQ==" }),
  retrieve: ({ customers }) => customers.retrieve(customerId),
  update: ({ customers }) => customers.update(customerId, params),
  "update with extra parameters": ({ customers }) =>
    AvaraClient.withOptions({ body: { [`${mark}param`]: { deep: [`${mark}extra value`] } } })(
      customers.update(customerId, params)
    ),
  stream: ({ customers }) => Stream.runDrain(customers.stream()),
  "users.add": ({ users }) => users.add(customerId, userId),
  "users.remove": ({ users }) => users.remove(customerId, userId),
  request: () =>
    AvaraClient.request({
      method: "PUT",
      path: "/v1/x/{id}",
      params: { id: "1" },
      query: { q: extraQuery },
      body: { deep: [{ [`${mark}key`]: name }], when: new URL(`https://example.com/${mark}`) },
      response: Schema.Struct({ a: Schema.Number })
    })
}

/** The message of a careless server: the whole request. */
const echo = ({ body, headers, method, target }: Recorded) => `${method} ${target} ${JSON.stringify(headers)} ${body}`

/** The ways in which a server may transform a text before it echoes it. */
const forms: Readonly<Record<string, (text: string) => string>> = {
  "upper case": (text) => text.toUpperCase(),
  "HTML escapes": (text) => Array.from(text, (letter) => `&#${letter.codePointAt(0)};`).join(""),
  "JSON escapes": (text) => text.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "the escapes of a URL": (text) => encodeURIComponent(encodeURIComponent(text)),
  base64: (text) => Buffer.from(text).toString("base64"),
  hex: (text) => Buffer.from(text).toString("hex")
}

/** The key and the body's values in this form, complete and in part. */
const inForm =
  (form: (text: string) => string) =>
  ({ body, headers }: Recorded, status: number): Answer => {
    const header = headers["authorization"] ?? ""
    const parts = [header, header.slice(-19), name, name.slice(0, 8)]
    return {
      status,
      headers: { "x-request-id": `req-${form(header).slice(0, 500)}` },
      body: {
        message: `bad: ${parts.map(form).join(", ")}`,
        errors: [{ path: [form(name)], message: form(header) }, ...(body === "" ? [] : [form(body)])]
      }
    }
  }

const echoesInForms = Object.fromEntries(Object.entries(forms).map(([what, form]) => [what, inForm(form)]))

const echoes: Readonly<Record<string, (request: Recorded, status: number) => Answer>> = {
  ...echoesInForms,
  "a message": (request, status) => ({
    status,
    body: { message: echo(request), error: { message: `bad: ${echo(request)}`, code: echo(request) } }
  }),
  issues: (request, status) => ({
    status,
    body: {
      errors: [
        echo(request),
        ...(request.body.includes("metadata")
          ? [{ path: ["metadata", ...Object.keys(metadata)], message: `${name} ${Object.values(metadata).join()}` }]
          : [])
      ]
    }
  }),
  "the body as a message": (request, status) => ({
    status,
    body: { message: request.body, detail: request.headers["authorization"] }
  }),
  text: (request, status) => ({ status, body: `not good: ${echo(request)}` }),
  HTML: (request, status) => ({
    status,
    headers: { "content-type": "text/html" },
    body: `<html><${mark}><h1 title="${name}">${echo(request)}</h1>${JSON.stringify(answered)}`
  }),
  "cut JSON": (request, status) => ({
    status,
    body: JSON.stringify({ message: echo(request), answered }).slice(0, -20)
  }),
  "the wrong shape": (_, status) => ({
    status,
    body: { ...answered, isActive: `${mark}yes`, metadata: { [`${mark}received-key`]: 5 } }
  }),
  "a page of the wrong shape": (_, status) => ({
    status,
    body: { expressCustomers: [{ ...answered, userCount: `${mark}many`, [`${mark}unknown`]: 1 }], hasMore: mark }
  }),
  "text that is no object": (_, status) => ({ status, body: JSON.stringify([answered, mark]) }),
  headers: ({ body, headers }, status) => ({
    status,
    headers: {
      "x-request-id": `req ${headers["authorization"]} ${encodeURIComponent(body)}`,
      "request-id": key,
      location: `https://elsewhere.example/${key}?name=${encodeURIComponent(name)}`,
      "set-cookie": `session=${key}`,
      "retry-after": key,
      "www-authenticate": `Bearer ${key}`
    }
  })
}

const statuses = [200, 302, 400, 401, 403, 404, 409, 429, 500]

interface Seen {
  readonly error: AvaraError
  readonly texts: Readonly<Record<string, string>>
}

const loggers = {
  string: Logger.stringLogger,
  logfmt: Logger.logfmtLogger,
  json: Logger.jsonLogger,
  structured: Logger.map(Logger.structuredLogger, (output) => inspect(output, { depth: Infinity }))
}

/** The output of an Effect through all of Effect's loggers; console loggers print through `console`, which is captured here. */
const logged = <A extends object, E>(effect: Effect.Effect<A, E>) => {
  const lines: Array<string> = []
  const print = (...values: ReadonlyArray<unknown>) =>
    void lines.push(
      values.map((value) => (typeof value === "string" ? value : inspect(value, { depth: Infinity }))).join(" ")
    )
  const catching = Object.values(loggers).map((logger) =>
    Logger.add(Logger.map(logger, (line) => void lines.push(line)))
  )
  const layer = Layer.mergeAll(
    Logger.remove(Logger.defaultLogger),
    ...catching,
    Logger.add(Logger.prettyLogger({ colors: false, mode: "tty" }))
  )
  return Effect.acquireUseRelease(
    Effect.sync(() => {
      const { error, group, groupCollapsed, log } = console
      Object.assign(console, { error: print, group: print, groupCollapsed: print, log: print })
      return { error, group, groupCollapsed, log }
    }),
    () => effect.pipe(Effect.provide(layer), Logger.withMinimumLogLevel(LogLevel.All)),
    (original) => Effect.sync(() => Object.assign(console, original))
  ).pipe(
    Effect.map((result) => {
      expect(lines.length).toBeGreaterThanOrEqual(5)
      return { ...result, logs: lines.join("\n") }
    })
  )
}

const recordingTracer = () => {
  const spans: Array<unknown> = []
  const native = Tracer.make({
    span: (name, parent, context, links, startTime, kind) => {
      const attributes = new Map<string, unknown>()
      let status: Tracer.SpanStatus = { _tag: "Started", startTime }
      const span: Tracer.Span = {
        _tag: "Span",
        name,
        spanId: "0123456789abcdef",
        traceId: "0123456789abcdef0123456789abcdef",
        parent,
        context,
        get status() {
          return status
        },
        attributes,
        links,
        sampled: true,
        kind,
        end: (endTime, exit) => {
          status = { _tag: "Ended", startTime, endTime, exit }
          // A success ends a span with its value, which no exporter writes.
          spans.push({
            name,
            kind,
            attributes: [...attributes],
            ...(Exit.isFailure(exit) ? { cause: exit.cause } : {})
          })
        },
        attribute: (key, value) => void attributes.set(key, value),
        event: (name, _, attributes) => void spans.push({ event: name, attributes }),
        addLinks: () => {}
      }
      return span
    },
    context: (execution) => execution()
  })
  return { tracer: native, spans }
}

const encode = Schema.encodeSync(AvaraError)

const printing = { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity }

/** The call with its spans recorded. */
const traced = (call: Effect.Effect<unknown, AvaraError>) => {
  const { spans, tracer } = recordingTracer()
  return Effect.map(Effect.exit(Effect.withTracer(call, tracer)), (exit) => ({
    cause: Exit.isFailure(exit) ? exit.cause : Cause.empty,
    spans
  }))
}

const silently = Effect.locally(FiberRef.currentLoggers, HashSet.empty())

/** Every way to print an error and its spans. */
const look = (call: Effect.Effect<unknown, AvaraError>): Effect.Effect<Seen> =>
  Effect.map(silently(traced(call)), ({ cause, spans }) => {
    const error = Cause.squash(cause) as AvaraError
    return {
      error,
      texts: {
        String: String(error),
        message: error.message,
        stack: error.stack ?? "",
        inspect: inspect(error, printing),
        cause: inspect(cause, printing),
        JSON: JSON.stringify(error),
        "JSON of the cause": JSON.stringify(cause),
        "Cause.pretty": Cause.pretty(cause, { renderErrorCause: true }),
        "Schema.encode": JSON.stringify(encode(error)),
        spans: inspect(spans, printing)
      }
    }
  })

/** Every way to log a call and its error. */
const lookAtLogs = (call: Effect.Effect<unknown, AvaraError>): Effect.Effect<Seen> =>
  Effect.gen(function* () {
    const { cause, logs } = yield* logged(
      Effect.tap(traced(call), ({ cause }) =>
        Effect.zipRight(Effect.logError(cause), Effect.logError("failed", Cause.squash(cause)))
      )
    )
    return { error: Cause.squash(cause) as AvaraError, texts: { logs } }
  })

/** The mark in base64 after zero, one and two bytes, without the characters that its neighbors affect. */
const inBase64 = [0, 1, 2].map((bytes) =>
  Buffer.from(`${"x".repeat(bytes)}${mark}`)
    .toString("base64")
    .slice(bytes === 0 ? 0 : bytes + 1, 8)
)

const marks = [mark.toLowerCase(), Buffer.from(mark).toString("hex")]

const placeOfMark = (text: string): number => {
  const places = [
    ...marks.map((form) => text.toLowerCase().indexOf(form)),
    ...inBase64.map((form) => text.indexOf(form))
  ]
  return places.find((place) => place !== -1) ?? -1
}

const expectNoMark = (what: string, { error, texts }: Seen) => {
  expect(Schema.is(AvaraError)(error), `${what}: ${inspect(error)}`).toBe(true)
  const leaking = Object.entries(texts)
    .filter(([, text]) => placeOfMark(text) !== -1)
    .map(([place, text]) => {
      const at = placeOfMark(text)
      return `${place} of ${error._tag} of ${what}: ${text.slice(Math.max(0, at - 80), at + 80)}`
    })
  expect(leaking).toEqual([])
}

const options = (baseUrl: string): AvaraClient.Options => ({
  apiKey: Redacted.make(key),
  baseUrl,
  retry: RetryPolicy.none,
  logLevel: "debug",
  headers: { "x-tenant": Redacted.make(customHeader), "x-plain": customHeader },
  query: { tenant: extraQuery },
  timeout: "3 seconds"
})

/** The call with the services, against a server on a socket. */
const against = (respond: Respond) =>
  Effect.gen(function* () {
    const server = yield* recordingServer(respond)
    const context = yield* Layer.build(Layer.orDie(NodeAvara.layer(options(server.url))))
    // `withResponse` passes the response only to the caller, never to an error, log or span.
    return (call: Call): Effect.Effect<unknown, AvaraError> =>
      Effect.all({ customers: Customers, users: CustomerUsers }).pipe(
        Effect.flatMap(call),
        AvaraClient.withResponse,
        Effect.provide(context)
      )
  })

/** The call with the key and headers of another account, which the client does not know. */
const againstAccount = (respond: Respond) =>
  Effect.gen(function* () {
    const server = yield* recordingServer(respond)
    const { apiKey, baseUrl, headers, query, retry } = options(server.url)
    const own = {
      apiKey: Redacted.make("sk_live_own"),
      baseUrl: "http://127.0.0.1:9",
      retry,
      logLevel: "debug"
    } as const
    const context = yield* Layer.build(Layer.orDie(NodeAvara.layer(own)))
    return (call: Call): Effect.Effect<unknown, AvaraError> =>
      Effect.flatMap(Effect.all({ customers: Customers, users: CustomerUsers }), call).pipe(
        AvaraClient.withOptions({ apiKey, baseUrl, headers, query }),
        Effect.provide(context)
      )
  })

describe("no part of an account's key, the request or the response is in an error", () => {
  for (const [what, answerOf] of Object.entries(echoes)) {
    it.scopedLive(`of a server that echoes them as ${what}`, () =>
      Effect.gen(function* () {
        let status = 400
        const run = yield* againstAccount((request) => answerOf(request, status))
        for (status of [200, 400]) {
          for (const [operation, call] of Object.entries(calls)) {
            expectNoMark(`${operation}, ${status} with ${what}`, yield* look(run(call)))
          }
          expectNoMark(
            `logs of ${status} with ${what}`,
            yield* lookAtLogs(run(({ customers }) => customers.update(customerId, params)))
          )
        }
      })
    )
  }

  it.scopedLive("of a key and a base URL that are refused", () =>
    Effect.gen(function* () {
      const run = yield* againstAccount(() => ({ status: 599 }))
      for (const wrong of [
        { apiKey: Redacted.make(`${key}\n`) },
        { apiKey: key as never },
        { baseUrl: `http://${mark}.example.com` },
        { baseUrl: `https://example.com/?key=${mark}` }
      ]) {
        const seen = yield* look(run(({ customers }) => AvaraClient.withOptions(wrong)(customers.list())))
        expect(seen.error).toMatchObject({ _tag: "Validation", source: "client", attempts: 0 })
        expectNoMark("a wrong account", seen)
      }
    })
  )
})

describe("no part of the key, the request or the response is in an error", () => {
  for (const [what, answerOf] of Object.entries(echoes)) {
    it.scopedLive(
      `of a server that echoes them as ${what}, with any status`,
      () =>
        Effect.gen(function* () {
          let status = 200
          const run = yield* against((request) => answerOf(request, status))
          const tags = new Set<string>()
          for (const [operation, call] of Object.entries(calls)) {
            for (status of statuses) {
              const seen = yield* look(run(call))
              expectNoMark(`${operation}, ${status} with ${what}`, seen)
              if (!tags.has(seen.error._tag))
                expectNoMark(`${operation}, ${status} with ${what}`, yield* lookAtLogs(run(call)))
              tags.add(seen.error._tag)
            }
          }
          expect([...tags]).toEqual(
            expect.arrayContaining([
              "Validation",
              "Unauthorized",
              "Forbidden",
              "NotFound",
              "Conflict",
              "RateLimited",
              "ServerError",
              "InvalidResponse",
              "UnexpectedStatus",
              "OutcomeUnknown"
            ])
          )
        }),
      30_000
    )
  }

  it.scopedLive("of a connection that breaks", () =>
    Effect.gen(function* () {
      const run = yield* against(() => "destroy")
      for (const [operation, call] of Object.entries(calls)) {
        const seen = yield* look(run(call))
        expect(["ConnectionFailed", "OutcomeUnknown"]).toContain(seen.error._tag)
        expectNoMark(operation, seen)
      }
    })
  )

  it.scopedLive("of an attempt and of a call that take too long", () =>
    Effect.gen(function* () {
      for (const limits of [{ timeout: "1 millis" }, { deadline: "1 millis" }] as const) {
        const context = yield* Layer.build(
          Avara.layer({ ...options("https://api.invalid"), ...limits }).pipe(
            Layer.provide(Layer.succeed(HttpClient.HttpClient, script(always(stalled)).client)),
            Layer.orDie
          )
        )
        for (const [operation, call] of Object.entries(calls)) {
          const seen = yield* look(
            Effect.provide(Effect.flatMap(Effect.all({ customers: Customers, users: CustomerUsers }), call), context)
          )
          expect(["TimedOut", "OutcomeUnknown"]).toContain(seen.error._tag)
          expectNoMark(operation, seen)
        }
      }
    })
  )

  it.scopedLive("of a list that cannot be read to its end", () =>
    Effect.gen(function* () {
      const run = yield* against(() => ({ body: { expressCustomers: [answered], hasMore: true } }))
      const seen = yield* look(run(({ customers }) => Stream.runDrain(customers.stream())))
      expect(seen.error._tag).toBe("BrokenPagination")
      expectNoMark("stream", seen)
    })
  )

  it.scopedLive("of a customer that is inactive", () =>
    Effect.gen(function* () {
      const run = yield* against(({ method }) =>
        method === "GET" ? { body: { ...answered, isActive: false } } : { status: 403 }
      )
      for (const call of [calls["users.add"], ({ customers }: Services) => customers.retrieveActive(customerId)]) {
        if (call === undefined) continue
        const seen = yield* look(run(call))
        expect(seen.error).toMatchObject({ _tag: "Inactive", id: customerId })
        expectNoMark("inactive", seen)
      }
    })
  )

  it.scopedLive(
    "of input that is refused before it is sent; only the names of metadata keys that are wrong are told",
    () =>
      Effect.gen(function* () {
        const run = yield* against(() => ({ status: 599 }))
        const wrong: Readonly<Record<string, Call>> = {
          name: ({ customers }) => customers.create({ expressCustomerName: { [mark]: mark } as unknown as string }),
          values: ({ customers }) =>
            customers.create({ expressCustomerName: name, metadata: { region: mark.repeat(1000) } }),
          types: ({ customers }) => customers.update(customerId, { metadata: { region: [mark] as unknown as string } }),
          id: ({ customers }) => customers.retrieve(`cus_${mark}/..`),
          user: ({ users }) => users.add(customerId, `${mark}user`),
          limit: ({ customers }) =>
            customers.list({ limit: mark as unknown as number, cursor: { mark } as unknown as string }),
          headers: ({ customers }) => AvaraClient.withOptions({ headers: { "x-a": `${mark}\r\n` } })(customers.list()),
          timeout: ({ customers }) => AvaraClient.withOptions({ timeout: mark as "1 second" })(customers.list()),
          body: () =>
            AvaraClient.request({ method: "POST", path: "/v1", body: { mark, n: 1n }, response: Schema.Unknown }),
          segment: () =>
            AvaraClient.request({ method: "GET", path: "/v1/{id}", params: { other: mark }, response: Schema.Unknown })
        }
        for (const [what, call] of Object.entries(wrong)) {
          const seen = yield* look(run(call))
          expect(seen.error).toMatchObject({ _tag: "Validation", source: "client", attempts: 0 })
          expectNoMark(what, seen)
        }
        const ofKey = yield* Effect.flip(
          run(({ customers }) =>
            customers.create({ expressCustomerName: name, metadata: { [`${mark}key`]: mark.repeat(1000) } })
          )
        )
        expect(ofKey).toMatchObject({
          issues: [
            { path: ["metadata", `${mark}key`], message: "expected a value of at most 1000 characters, not 7000" }
          ]
        })
      })
  )
})

describe("what these tests catch", () => {
  it.effect("is a mark in a message, a log or a span", () =>
    Effect.gen(function* () {
      const leaking = Effect.withSpan(
        Effect.fail(new NotFound({ operation: "x", resource: "customer", id: mark })),
        "x"
      )
      for (const { texts } of [yield* look(leaking), yield* lookAtLogs(leaking)]) {
        for (const text of Object.values(texts)) expect(text).toContain(mark)
      }
    })
  )
})

describe("metrics", () => {
  it.scopedLive("contain no part of the key, the request or the response", () =>
    Effect.gen(function* () {
      const run = yield* against((request) => ({ status: 500, body: echo(request) }))
      for (const call of Object.values(calls)) yield* silently(Effect.exit(run(call)))
      const metrics = inspect(yield* Metric.snapshot, printing)
      expect(metrics).toContain("avara_client_calls")
      expect(metrics).not.toContain(mark)
    })
  )
})
