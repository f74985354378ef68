import * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import { Avara, AvaraClient, Customers } from "@effect-avara/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as FiberRefs from "effect/FiberRefs"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/TestClock"
import * as Tracer from "effect/Tracer"
import {
  always,
  answer,
  asTimePasses,
  customerId,
  json,
  key,
  type OperationName,
  operationNames,
  operations,
  type Reply,
  script,
  stalled,
  withApi
} from "./support.js"

interface Recorded {
  readonly name: string
  readonly kind: Tracer.SpanKind
  readonly attributes: ReadonlyMap<string, unknown>
  readonly events: ReadonlyArray<{ readonly name: string; readonly attributes: Record<string, unknown> }>
  readonly ended: () => boolean
  readonly span: Tracer.Span
}

const recording = <A, E, R>(effect: Effect.Effect<A, E, R>) => {
  const spans: Array<Recorded> = []
  const tracer = Tracer.make({
    span: (name, parent, context, links, startTime, kind) => {
      const attributes = new Map<string, unknown>()
      const events: Array<{ name: string; attributes: Record<string, unknown> }> = []
      let status: Tracer.SpanStatus = { _tag: "Started", startTime }
      const span: Tracer.Span = {
        _tag: "Span",
        name,
        spanId: `000000000000000${spans.length + 1}`,
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
        },
        attribute: (key, value) => void attributes.set(key, value),
        event: (name, _startTime, attributes = {}) => void events.push({ name, attributes }),
        addLinks: () => {}
      }
      spans.push({ name, kind, attributes, events, span, ended: () => status._tag === "Ended" })
      return span
    },
    context: (execution) => execution()
  })
  return Effect.map(Effect.withTracer(Effect.exit(effect), tracer), (exit) => ({ exit, spans }))
}

const templates: Record<OperationName, readonly [method: string, template: string]> = {
  "customers.create": ["POST", "/v1/express"],
  "customers.list": ["GET", "/v1/express"],
  "customers.retrieve": ["GET", "/v1/express/{expressCustomerId}"],
  "customers.update": ["PATCH", "/v1/express/{expressCustomerId}"],
  "customers.deactivate": ["POST", "/v1/express/{expressCustomerId}/deactivate"],
  "customers.reactivate": ["POST", "/v1/express/{expressCustomerId}/reactivate"],
  "users.add": ["POST", "/v1/express/{expressCustomerId}/users"],
  "users.remove": ["DELETE", "/v1/express/{expressCustomerId}/users"]
}

describe("a call's span", () => {
  for (const name of operationNames) {
    it.effect(`of ${name} is the only one, is named after it, and has exactly the allowed attributes`, () =>
      withApi([json(200, operations[name].body)], (api) =>
        Effect.gen(function* () {
          const { spans } = yield* recording(operations[name].call(api))
          const [method, template] = templates[name]
          expect(spans.map(({ ended, kind, name }) => ({ name, kind, ended: ended() }))).toEqual([
            { name, kind: "client", ended: true }
          ])
          expect(Object.fromEntries(spans[0]?.attributes ?? [])).toEqual({
            "http.request.method": method,
            "url.template": template,
            "server.address": "api.avarasoftware.com",
            "server.port": 443,
            "http.response.status_code": 200,
            "avara.attempts": 1,
            ...(template.includes("{") ? { "avara.customer.id": customerId } : {})
          })
          expect(spans[0]?.events).toEqual([])
        })
      )
    )
  }

  it.effect("records the attempts, the retries between them and the failure", () =>
    withApi(
      [answer(500), answer(502, null, { "retry-after": "3" }), answer(404)],
      ({ customers }) =>
        Effect.gen(function* () {
          const { spans } = yield* asTimePasses(recording(customers.retrieve(customerId)))
          expect(Object.fromEntries(spans[0]?.attributes ?? [])).toMatchObject({
            "avara.attempts": 3,
            "http.request.resend_count": 2,
            "http.response.status_code": 404,
            "error.type": "NotFound",
            "server.address": "127.0.0.1",
            "server.port": 4010
          })
          expect(spans[0]?.events).toMatchObject([
            { name: "retry", attributes: { attempt: 1, "error.type": "ServerError" } },
            { name: "retry", attributes: { attempt: 2, "error.type": "ServerError", delay_ms: 3000 } }
          ])
        }),
      { baseUrl: "http://127.0.0.1:4010" }
    )
  )

  it.effect("has no status if there was no response", () =>
    withApi(
      [stalled],
      ({ customers }) =>
        Effect.gen(function* () {
          const { spans } = yield* asTimePasses(recording(customers.list()))
          expect([...(spans[0]?.attributes.keys() ?? [])]).not.toContain("http.response.status_code")
          expect(spans[0]?.attributes.get("error.type")).toBe("TimedOut")
        }),
      { deadline: "5 seconds" }
    )
  )

  it.effect("is a child of the caller's span", () =>
    withApi([json(200, operations["customers.list"].body)], ({ customers }) =>
      Effect.gen(function* () {
        const { spans } = yield* recording(Effect.withSpan(customers.list(), "outer"))
        const [outer, inner] = spans
        expect(Option.map(inner?.span.parent ?? Option.none(), ({ spanId }) => spanId)).toEqual(
          Option.fromNullable(outer?.span.spanId)
        )
      })
    )
  )

  it.effect("of AvaraClient.request has the template, never the parameters", () =>
    withApi([json(200, 1)], () =>
      Effect.gen(function* () {
        const { spans } = yield* recording(
          AvaraClient.request({
            method: "GET",
            path: "/v1/patients/{name}",
            params: { name: "jane-roe" },
            query: { q: "jane-roe" },
            response: Schema.Number
          })
        )
        expect(spans[0]?.attributes.get("url.template")).toBe("/v1/patients/{name}")
        expect(JSON.stringify([spans[0]?.name, ...(spans[0]?.attributes ?? [])])).not.toContain("jane-roe")
      })
    )
  )
})

/** Returns the spans that loggers see during a retry, with Effect's default tracer, which exports no spans. */
const spansOfRetry = (replies: Iterable<Reply>) =>
  Effect.gen(function* () {
    const seen = new Set<Tracer.AnySpan>()
    const logger = Logger.make(({ context }) => {
      const fiberContext = FiberRefs.getOrDefault(context, FiberRef.currentContext)
      Option.map(Context.getOption(fiberContext, Tracer.ParentSpan), (span) => seen.add(span))
    })
    const layer = Avara.layer({ apiKey: Redacted.make(key) }).pipe(
      Layer.provide(Layer.succeed(HttpClient.HttpClient, script(replies).client))
    )
    const retrieve = Effect.flatMap(Customers, (customers) => customers.retrieve(customerId)).pipe(
      Logger.withMinimumLogLevel(LogLevel.Debug),
      Effect.provide([layer, Logger.replace(Logger.defaultLogger, logger)])
    )
    yield* TestClock.adjust("10 seconds")
    yield* asTimePasses(Effect.exit(Effect.withSpan(retrieve, "outer")))
    return [...seen]
  })

describe("a call's span without a tracer", () => {
  const replies = [Effect.delay(answer(500), "2 seconds"), answer(404)]

  it.effect("exists for code that reads it", () =>
    Effect.gen(function* () {
      const [span, ...more] = yield* spansOfRetry(replies)
      expect(more).toEqual([])
      expect(span).toMatchObject({
        name: "customers.retrieve",
        kind: "client",
        parent: { _tag: "Some", value: { name: "outer" } },
        status: { _tag: "Ended", startTime: 10_000_000_000n },
        events: [
          ["retry", 12_000_000_000n, { attempt: 1, "error.type": "ServerError" }],
          ["attempt failed, waiting before the next one", 12_000_000_000n, { attempt: 1, error: "ServerError" }]
        ]
      })
      expect(Object.fromEntries(span?._tag === "Span" ? span.attributes : [])).toEqual({
        "http.request.method": "GET",
        "url.template": "/v1/express/{expressCustomerId}",
        "server.address": "api.avarasoftware.com",
        "server.port": 443,
        "avara.customer.id": customerId,
        "avara.attempts": 2,
        "http.request.resend_count": 1,
        "http.response.status_code": 404,
        "error.type": "NotFound"
      })
    })
  )

  it.effect("has no time if spans are untimed", () =>
    Effect.gen(function* () {
      const [span] = yield* Effect.withTracerTiming(spansOfRetry(replies), false)
      expect(span).toMatchObject({ status: { startTime: 0n, endTime: 0n } })
    })
  )
})

const propagationHeaders = ["traceparent", "tracestate", "b3", "x-b3-traceid", "x-b3-spanid"]

describe("trace propagation", () => {
  it.effect("is off by default", () =>
    withApi([json(200, operations["customers.list"].body)], ({ customers, sent }) =>
      Effect.gen(function* () {
        yield* recording(Effect.withSpan(customers.list(), "outer"))
        expect(Object.keys(sent[0]?.headers ?? {}).filter((name) => propagationHeaders.includes(name))).toEqual([])
      })
    )
  )

  it.effect("sends the operation's span if it is enabled", () =>
    withApi(
      [json(200, operations["customers.list"].body)],
      ({ customers, sent }) =>
        Effect.gen(function* () {
          const { spans } = yield* recording(customers.list())
          const span = spans[0]?.span
          expect(sent[0]?.headers["traceparent"]).toBe(`00-${span?.traceId}-${span?.spanId}-01`)
          expect(sent[0]?.headers["b3"]).toContain(`${span?.traceId}-${span?.spanId}`)
        }),
      { tracePropagation: true }
    )
  )

  it.effect("sends nothing if tracing is disabled", () =>
    withApi(
      [json(200, operations["customers.list"].body)],
      ({ customers, sent }) =>
        Effect.gen(function* () {
          yield* Effect.withTracerEnabled(customers.list(), false)
          expect(Object.keys(sent[0]?.headers ?? {}).filter((name) => propagationHeaders.includes(name))).toEqual([])
        }),
      { tracePropagation: true }
    )
  )
})

/** Returns by how much counters grow while an Effect runs. */
const growth = <A, E, R>(counters: ReadonlyArray<Effect.Effect<number>>, effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const before = yield* Effect.all(counters)
    yield* Effect.exit(effect)
    const after = yield* Effect.all(counters)
    return after.map((value, index) => value - (before[index] ?? 0))
  })

const total = (name: string, tags: Record<string, string>): Effect.Effect<number> =>
  Effect.map(Metric.snapshot, (pairs) =>
    pairs
      .filter(
        ({ metricKey }) =>
          metricKey.name === name &&
          Object.entries(tags).every(([key, value]) =>
            metricKey.tags.some((tag) => tag.key === key && tag.value === value)
          )
      )
      .reduce((sum, { metricState }) => sum + ("count" in metricState ? Number(metricState.count) : 0), 0)
  )

const callsOf = (operation: string, outcome: string) => total("avara_client_calls", { operation, outcome })

const attemptsOf = (operation: string) => total("avara_client_attempts", { operation })

describe("metrics", () => {
  it.effect("count calls by operation and outcome, and attempts", () =>
    Effect.gen(function* () {
      const call = withApi([answer(500), answer(500), answer(404)], ({ customers }) =>
        asTimePasses(customers.retrieve(customerId))
      )
      const counters = [
        callsOf("customers.retrieve", "NotFound"),
        callsOf("customers.retrieve", "success"),
        attemptsOf("customers.retrieve"),
        total("avara_client_call_duration", { operation: "customers.retrieve" })
      ]
      expect(yield* growth(counters, call)).toEqual([1, 0, 3, 1])
    })
  )

  it.effect("count a success", () =>
    growth(
      [callsOf("customers.list", "success"), attemptsOf("customers.list")],
      withApi([json(200, operations["customers.list"].body)], ({ customers }) => customers.list())
    ).pipe(Effect.map((grown) => expect(grown).toEqual([1, 1])))
  )

  it.effect("count an interrupted call", () =>
    Effect.gen(function* () {
      const interrupted = withApi(always(stalled), ({ customers }) =>
        asTimePasses(Effect.timeoutOption(customers.list(), "1 second"))
      )
      expect(yield* growth([callsOf("customers.list", "interrupted")], interrupted)).toEqual([1])
    })
  )
})
