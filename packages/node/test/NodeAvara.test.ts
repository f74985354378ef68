import { spawnSync } from "node:child_process"
import * as http from "node:http"
import * as net from "node:net"
import { gzipSync } from "node:zlib"
import * as Cookies from "@effect/platform/Cookies"
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { describe, expect, it } from "@effect/vitest"
import { Avara, Customers, RetryPolicy } from "@effect-avara/core"
import { NodeAvara } from "@effect-avara/node"
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { listening } from "../../../test/support/listen.js"
import { certificate, openConnections, recordingServer } from "../../../test/support/recordingServer.js"
import { customerId, exampleCustomer, examplePage, key } from "../../core/test/support.js"

const connect = (baseUrl: string, transport: NodeAvara.TransportOptions = {}) =>
  NodeAvara.layer({ apiKey: Redacted.make(key), baseUrl, retry: RetryPolicy.none, timeout: "5 seconds" }, transport)

const list = Effect.flatMap(Customers, (customers) => customers.list())

const answers = () => ({ body: examplePage })

/** Waits until the other side sees that sockets have closed, which takes one or two turns of its event loop. */
const eventually = (check: Effect.Effect<boolean>): Effect.Effect<boolean> =>
  check.pipe(
    Effect.filterOrFail((isTrue) => isTrue),
    Effect.delay("5 millis"),
    Effect.retry({ times: 400 }),
    Effect.orElseSucceed(() => false)
  )

/** A proxy that records its requests, and forwards them. */
const proxyServer = Effect.gen(function* () {
  const asked: Array<{ readonly line: string; readonly authorization: string | undefined }> = []
  const record = (request: http.IncomingMessage) =>
    asked.push({ line: `${request.method} ${request.url}`, authorization: request.headers["proxy-authorization"] })
  const server = http.createServer((request, response) => {
    record(request)
    response.setHeader("content-type", "application/json")
    response.end(JSON.stringify(examplePage))
  })
  server.on("connect", (request, socket, head) => {
    record(request)
    // A plain HTTP server responds through the tunnel, for any requested host.
    const upstream = http.createServer((_, response) => {
      response.setHeader("content-type", "application/json")
      response.end(JSON.stringify(examplePage))
    })
    upstream.listen(0, "127.0.0.1", () => {
      const { port } = upstream.address() as net.AddressInfo
      const tunnel = net.connect(port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection Established\r\n\r\n")
        tunnel.write(head)
        tunnel.pipe(socket)
        socket.pipe(tunnel)
      })
      const end = () => {
        tunnel.destroy()
        socket.destroy()
        upstream.close()
      }
      tunnel.on("error", end).on("close", end)
      socket.on("error", end).on("close", end)
    })
  })
  return { url: `http://127.0.0.1:${yield* listening(server)}`, asked }
})

const proxyVariables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"]

/** Sets environment variables of the process while an Effect runs, and unsets all other proxy variables. */
const withVariables =
  (variables: Readonly<Record<string, string>>) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        const before = Object.fromEntries(proxyVariables.map((name) => [name, process.env[name]]))
        for (const name of proxyVariables) delete process.env[name]
        Object.assign(process.env, variables)
        return before
      }),
      () => effect,
      (before) =>
        Effect.sync(() => {
          for (const name of proxyVariables) {
            const value = before[name]
            if (value === undefined) delete process.env[name]
            else process.env[name] = value
          }
        })
    )

describe("connections", () => {
  for (const calls of [2, 10, 100]) {
    it.scopedLive(`are kept for the next call: ${calls} calls in a row open one, which closes with the scope`, () =>
      Effect.gen(function* () {
        const server = yield* recordingServer(answers)
        const scope = yield* Scope.make()
        const context = yield* Layer.buildWithScope(connect(server.url), scope)
        for (let call = 0; call < calls; call++) yield* Effect.provide(list, context)
        expect(server.requests).toHaveLength(calls)
        expect(server.accepted()).toBe(1)
        expect(yield* server.open).toBe(1)
        yield* Scope.close(scope, Exit.void)
        expect(yield* eventually(Effect.map(server.open, (count) => count === 0))).toBe(true)
      })
    )
  }

  it.scopedLive("are kept for consecutive calls that fail, and for calls of several fibers", () =>
    Effect.gen(function* () {
      const server = yield* recordingServer((_, index) =>
        index % 2 === 0 ? { status: 404, body: { error: "none" } } : { body: examplePage }
      )
      const context = yield* Layer.build(connect(server.url))
      const calls = Effect.provide(Effect.replicateEffect(Effect.exit(list), 20), context)
      yield* calls
      expect(server.accepted()).toBe(1)
      yield* Effect.all([calls, calls, calls], { concurrency: "unbounded" })
      expect(server.requests).toHaveLength(80)
      expect(server.accepted()).toBe(3)
    })
  )

  it.scopedLive("are kept after a failure, too, because its body is read", () =>
    Effect.gen(function* () {
      const server = yield* recordingServer((_, index) => ({
        status: [404, 500, 302][index] ?? 200,
        body: examplePage,
        headers: { location: "/x" }
      }))
      yield* Effect.provide(Effect.replicateEffect(Effect.exit(list), 4), connect(server.url, { connections: 1 }))
      expect([server.requests.length, server.accepted()]).toEqual([4, 1])
    })
  )

  it.scopedLive("are closed during a call that is interrupted with the scope", () =>
    Effect.gen(function* () {
      const asked = yield* Effect.makeLatch()
      const server = http.createServer(() => asked.unsafeOpen())
      const port = yield* listening(server)
      yield* Effect.raceFirst(Effect.provide(list, connect(`http://127.0.0.1:${port}`)), asked.await)
      expect(yield* eventually(Effect.map(openConnections(server), (count) => count === 0))).toBe(true)
    })
  )

  it.scopedLive("never exceed the allowed number", () =>
    Effect.gen(function* () {
      const server = yield* recordingServer(answers)
      yield* Effect.provide(
        Effect.all(
          Array.from({ length: 20 }, () => list),
          { concurrency: "unbounded" }
        ),
        connect(server.url, { connections: 2 })
      )
      expect(server.requests).toHaveLength(20)
      expect(server.accepted()).toBeLessThanOrEqual(2)
    })
  )

  it.scopedLive("that the server closes fail with a ConnectionFailed that may have been sent", () =>
    Effect.gen(function* () {
      const server = yield* recordingServer(() => "destroy")
      const error = yield* Effect.flip(Effect.provide(list, connect(server.url)))
      expect(error).toMatchObject({ _tag: "ConnectionFailed", sent: "maybe", origin: server.url })
      expect(["closed", "reset"]).toContain(error._tag === "ConnectionFailed" ? error.reason : "")
    })
  )

  it.scopedLive("to a port without a server fail with a ConnectionFailed that was not sent", () =>
    Effect.gen(function* () {
      const { url } = yield* Effect.scoped(recordingServer(answers))
      const error = yield* Effect.flip(Effect.provide(list, connect(url)))
      expect(error).toMatchObject({ _tag: "ConnectionFailed", reason: "refused", sent: "no", code: "ECONNREFUSED" })
    })
  )

  it.scopedLive("read a compressed response", () =>
    Effect.gen(function* () {
      const port = yield* listening(
        http.createServer((_, response) => {
          response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
          response.end(gzipSync(JSON.stringify(exampleCustomer)))
        })
      )
      const retrieved = yield* Effect.flatMap(Customers, (customers) => customers.retrieve(customerId)).pipe(
        Effect.provide(connect(`http://127.0.0.1:${port}`))
      )
      expect(retrieved.expressCustomerName).toBe(exampleCustomer.expressCustomerName)
    })
  )
})

/** The client with an `HttpClient` over undici in its context. */
const connectOver = (baseUrl: string, timeout: "5 seconds" | "200 millis" = "5 seconds") =>
  Avara.layer({ apiKey: Redacted.make(key), baseUrl, retry: RetryPolicy.none, timeout }).pipe(
    Layer.provideMerge(NodeAvara.layerHttpClient())
  )

describe("the HttpClient", () => {
  it.scopedLive("releases the connection of a late body with a known length", () =>
    Effect.gen(function* () {
      const server = http.createServer((_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" })
        response.write("{")
      })
      const port = yield* listening(server)
      const context = yield* Layer.build(connectOver(`http://127.0.0.1:${port}`, "200 millis"))
      expect(yield* Effect.flip(Effect.provide(list, context))).toMatchObject({ _tag: "TimedOut" })
      expect(yield* eventually(Effect.map(openConnections(server), (count) => count === 0))).toBe(true)
    })
  )

  for (const status of [600, 999]) {
    it.scopedLive(`returns a status of ${status}`, () =>
      Effect.gen(function* () {
        const server = yield* recordingServer(() => ({ status, body: { message: "no" } }))
        const error = yield* Effect.flip(Effect.provide(list, connectOver(server.url)))
        expect(error).toMatchObject({ _tag: "ServerError", status, detail: "no" })
      })
    )
  }

  it.scopedLive("returns the body of a 205 that has one", () =>
    Effect.gen(function* () {
      const page = JSON.stringify(examplePage)
      const port = yield* listening(
        http.createServer((_, { socket }) => {
          socket?.write(`HTTP/1.1 205 Reset Content\r\ncontent-length: ${page.length}\r\n\r\n${page}`)
        })
      )
      const { expressCustomers } = yield* Effect.provide(list, connectOver(`http://127.0.0.1:${port}`))
      expect(expressCustomers).toHaveLength(1)
    })
  )

  it.scopedLive("returns each cookie separately, and all in one header", () =>
    Effect.gen(function* () {
      const cookies = ["a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT", "b=2"]
      const port = yield* listening(
        http.createServer((_, response) => {
          response.writeHead(200, { "set-cookie": cookies }).end()
        })
      )
      const response = yield* HttpClient.get(`http://127.0.0.1:${port}`).pipe(
        Effect.provide(NodeAvara.layerHttpClient())
      )
      expect(Cookies.toRecord(response.cookies)).toEqual({ a: "1", b: "2" })
      expect(response.headers["set-cookie"]).toBe(cookies.join(", "))
    })
  )

  for (const [what, look] of [
    ["reads it", ({ text }: HttpClientResponse.HttpClientResponse) => Effect.ignore(text)],
    ["prints it", (response: HttpClientResponse.HttpClientResponse) => Effect.sync(() => JSON.stringify(response))]
  ] as const) {
    it.scopedLive(`leaves the response readable for the client after a user ${what}`, () =>
      Effect.gen(function* () {
        const server = yield* recordingServer(answers)
        const looking = Layer.map(NodeAvara.layerHttpClient(), (context) =>
          Context.make(HttpClient.HttpClient, HttpClient.tap(Context.get(context, HttpClient.HttpClient), look))
        )
        const layer = Layer.provide(Avara.layer({ apiKey: Redacted.make(key), baseUrl: server.url }), looking)
        const { expressCustomers } = yield* Effect.provide(list, layer)
        expect(expressCustomers).toHaveLength(1)
      })
    )
  }
})

const insecure = (baseUrl: string) =>
  NodeAvara.layer({
    apiKey: Redacted.make(key),
    baseUrl,
    allowInsecure: true,
    retry: RetryPolicy.none,
    timeout: "5 seconds"
  })

describe("the module", () => {
  it("does not replace the dispatcher of Node's own fetch", () => {
    const program = `
      import { NodeAvara } from "@effect-avara/node"
      import * as Effect from "effect/Effect"
      import * as Layer from "effect/Layer"
      await Effect.runPromise(Effect.scoped(Layer.build(NodeAvara.layerHttpClient())))
      const changed = [1, 2].filter((version) => Symbol.for("undici.globalDispatcher." + version) in globalThis)
      process.exitCode = changed.length`
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--conditions=@effect-avara/source", "--import", "tsx", "--input-type=module", "--eval", program],
      { encoding: "utf8", cwd: new URL("..", import.meta.url) }
    )
    expect([status, stderr]).toEqual([0, ""])
  })
})

describe("a proxy from the environment", () => {
  for (const variable of ["HTTP_PROXY", "http_proxy"]) {
    it.scopedLive(`in ${variable} is used`, () =>
      Effect.gen(function* () {
        const { asked, url } = yield* proxyServer
        const page = yield* Effect.provide(list, insecure("http://api.invalid")).pipe(
          withVariables({ [variable]: url })
        )
        expect(page.expressCustomers).toHaveLength(1)
        expect(asked.map(({ line }) => line)).toEqual([
          expect.stringMatching(/^(CONNECT api\.invalid:80|GET http:\/\/api\.invalid\/v1\/express)$/)
        ])
      })
    )
  }

  it.scopedLive("in HTTPS_PROXY receives a request for a tunnel, with its credentials and never with the key", () =>
    Effect.gen(function* () {
      const { asked, url } = yield* proxyServer
      const withCredentials = url.replace("http://", "http://user:pass@")
      const error = yield* Effect.flip(Effect.provide(list, connect("https://api.invalid"))).pipe(
        withVariables({ HTTPS_PROXY: withCredentials })
      )
      // The server after this tunnel does not use TLS.
      expect(error).toMatchObject({ _tag: "ConnectionFailed" })
      expect(asked).toEqual([
        { line: "CONNECT api.invalid:443", authorization: `Basic ${Buffer.from("user:pass").toString("base64")}` }
      ])
    })
  )

  it.scopedLive("is not used for hosts in NO_PROXY", () =>
    Effect.gen(function* () {
      const { asked, url } = yield* proxyServer
      const error = yield* Effect.flip(Effect.provide(list, insecure("http://api.invalid"))).pipe(
        withVariables({ HTTP_PROXY: url, NO_PROXY: "api.invalid" })
      )
      expect(error).toMatchObject({ _tag: "ConnectionFailed", reason: "dns" })
      expect(asked).toEqual([])
    })
  )

  for (const host of ["127.0.0.1", "localhost"]) {
    it.scopedLive(`is never used for ${host}`, () =>
      Effect.gen(function* () {
        const proxy = yield* proxyServer
        const server = yield* recordingServer(answers)
        yield* Effect.provide(list, connect(`http://${host}:${server.port}`)).pipe(
          withVariables({ HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: "elsewhere.example" })
        )
        expect([proxy.asked.length, server.requests.length]).toEqual([0, 1])
      })
    )
  }
})

const serverTls = { cert: certificate("server.crt"), key: certificate("server.key") }
const ca = certificate("ca.crt")

describe("TLS", () => {
  it.scopedLive("with an untrusted certificate fails with ConnectionFailed, and nothing is sent", () =>
    Effect.gen(function* () {
      const server = yield* recordingServer(answers, serverTls)
      const error = yield* Effect.flip(Effect.provide(list, connect(server.url)))
      expect(error).toMatchObject({ _tag: "ConnectionFailed", reason: "tls", sent: "no" })
      expect(server.requests).toHaveLength(0)
    })
  )

  for (const [what, trusted] of [
    ["a custom authority", ca],
    ["one of several custom authorities", [certificate("client.crt"), ca]]
  ] as const) {
    it.scopedLive(`is trusted by ${what}`, () =>
      Effect.gen(function* () {
        const server = yield* recordingServer(answers, serverTls)
        const page = yield* Effect.provide(list, connect(server.url, { ca: trusted }))
        expect(page.expressCustomers).toHaveLength(1)
      })
    )
  }

  it.scopedLive("sends the client's certificate to a server that requires one", () =>
    Effect.gen(function* () {
      const server = yield* recordingServer(answers, { ...serverTls, ca, requestCert: true, rejectUnauthorized: true })
      const refused = yield* Effect.flip(Effect.provide(list, connect(server.url, { ca })))
      expect(refused._tag).toBe("ConnectionFailed")
      const page = yield* Effect.provide(
        list,
        connect(server.url, {
          ca,
          cert: certificate("client.crt"),
          key: Redacted.make(certificate("client.key"))
        })
      )
      expect(page.expressCustomers).toHaveLength(1)
      expect(server.requests).toHaveLength(1)
    })
  )
})

describe("the layer", () => {
  for (const [what, transport, variables] of [
    ["a proxy that is not a URL", {}, { HTTP_PROXY: "not a url: s3cret" }],
    ["a number of connections below one", { connections: -1 }, {}],
    ["a certificate that is not PEM", { ca: "s3cret" }, {}],
    ["a key that is not PEM", { cert: certificate("client.crt"), key: Redacted.make("s3cret") }, {}],
    [
      "a key of another certificate",
      { cert: certificate("client.crt"), key: Redacted.make(certificate("server.key")) },
      {}
    ]
  ] as ReadonlyArray<readonly [string, NodeAvara.TransportOptions, Record<string, string>]>) {
    it.scopedLive(`fails with a ConfigError for ${what}, without repeating it`, () =>
      Effect.gen(function* () {
        const exit = yield* Effect.either(Layer.build(connect("https://api.invalid", transport))).pipe(
          withVariables(variables)
        )
        expect(exit._tag).toBe("Left")
        if (exit._tag === "Left") {
          expect(ConfigError.isConfigError(exit.left)).toBe(true)
          expect(String(exit.left)).not.toContain("s3cret")
        }
      })
    )
  }

  const hostile: Readonly<Record<string, unknown>> = {
    NaN: Number.NaN,
    Infinity: Number.POSITIVE_INFINITY,
    "-Infinity": Number.NEGATIVE_INFINITY,
    "-1": -1,
    "0": 0,
    "1.5": 1.5,
    "2^53": 2 ** 53,
    '""': "",
    '" "': " ",
    null: null,
    "{}": {},
    "[]": [],
    "25 days": "25 days",
    "an empty Redacted": Redacted.make(undefined)
  }

  for (const [option, allowed] of [
    ["connections", []],
    ["keepAlive", ["1.5"]],
    ["connectTimeout", ["1.5"]],
    ["maxBodySize", []],
    ["key", []],
    ["passphrase", []],
    ["cert", ['""', '" "', "25 days"]],
    ["ca", ['""', '" "', "[]", "25 days"]]
  ] as const) {
    it.scopedLive(
      `accepts ${allowed.join(", ") || "none"} of the hostile values as ${option}, and says what is allowed`,
      () =>
        Effect.gen(function* () {
          for (const [name, value] of Object.entries(hostile)) {
            if (allowed.some((text) => text === name)) continue
            const built = yield* Effect.exit(Layer.build(NodeAvara.layerHttpClient({ [option]: value })))
            const error = Exit.isFailure(built) && built.cause._tag === "Fail" ? built.cause.error : undefined
            const text = error === undefined ? String(built) : Avara.formatConfigError(error)
            expect(`${name}: ${text}`).toContain(`${name}: ${option}: expected `)
          }
        })
    )
  }

  it.scopedLive("accepts fractions of a millisecond", () =>
    Effect.gen(function* () {
      const server = yield* recordingServer(answers)
      yield* Effect.provide(Effect.zipRight(list, list), connect(server.url, { keepAlive: 1.5, connectTimeout: 500.5 }))
      expect(server.requests).toHaveLength(2)
    })
  )

  const padded = { ...examplePage, padding: " ".repeat(73 * 1024 * 1024) }

  for (const [what, layerTo] of [
    [
      "from values",
      (baseUrl: string, maxBodySize: number) =>
        NodeAvara.layer({ apiKey: Redacted.make(key), baseUrl, retry: RetryPolicy.none, maxBodySize })
    ],
    [
      "from a Config",
      (baseUrl: string, maxBodySize: number) =>
        NodeAvara.layerConfig(
          Config.succeed({ apiKey: Redacted.make(key), baseUrl, retry: RetryPolicy.none, maxBodySize })
        )
    ]
  ] as const) {
    it.scopedLive(`reads a body of 73 MiB with a maxBodySize of 80 MiB ${what}, but not with one of 73 MiB`, () =>
      Effect.gen(function* () {
        const server = yield* recordingServer(() => ({ body: padded }))
        const page = yield* Effect.provide(list, layerTo(server.url, 80 * 1024 * 1024))
        expect(page.expressCustomers).toHaveLength(1)
        const error = yield* Effect.flip(Effect.provide(list, layerTo(server.url, 73 * 1024 * 1024)))
        expect(String(error)).toContain("expected a body of at most 76546048 bytes")
      })
    )
  }

  it.scopedLive("reads the environment", () =>
    Effect.gen(function* () {
      const server = yield* recordingServer(answers)
      const provider = ConfigProvider.fromMap(
        new Map([
          ["AVARA_API_KEY", key],
          ["AVARA_BASE_URL", `${server.url}/avara/`]
        ])
      )
      yield* list.pipe(Effect.provide(NodeAvara.layerConfig()), Effect.withConfigProvider(provider))
      yield* list.pipe(
        Effect.provide(NodeAvara.layerConfig(Avara.config, { connections: 1 })),
        Effect.withConfigProvider(provider)
      )
      expect(server.requests.map(({ headers, target }) => [target, headers["authorization"]])).toEqual([
        ["/avara/v1/express", `Bearer ${key}`],
        ["/avara/v1/express", `Bearer ${key}`]
      ])
    })
  )
})
