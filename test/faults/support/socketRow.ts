import * as assert from "node:assert/strict"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { Avara, type AvaraClient, Customers, CustomerUsers, RetryPolicy } from "@effect-avara/core"
import { NodeAvara } from "@effect-avara/node"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Supervisor from "effect/Supervisor"
import { type Api, apiKey, type Call, clinic } from "./calls.js"
import { expectNothingLeft } from "./resources.js"
import { expectResult, type Result } from "./result.js"
import type { Row } from "./row.js"
import { type FaultServer, json, makeFaultServer, type Seen, type ServerOptions } from "./server.js"

/** Up to 2 retries without a wait. */
export const twoRetries = RetryPolicy.make(Schedule.recurs(2))

export interface SocketRow {
  readonly fault: string
  readonly call: Call
  /** The server, which may redirect to another one that no request may reach. */
  readonly server: ServerOptions | ((other: FaultServer) => ServerOptions)
  readonly https?: boolean
  readonly options?: Partial<AvaraClient.Options>
  readonly transport?: NodeAvara.TransportOptions
  /** Runs before the call; its requests do not count. */
  readonly before?: (server: FaultServer, api: Api) => Effect.Effect<unknown, unknown, AvaraClient.AvaraClient>
  /** When the caller gives up. */
  readonly interruptWhen?: (server: FaultServer) => Effect.Effect<void>
  readonly result: Result
  readonly requests: number
  /** 1 by default: the connection of the last response, kept for the next call. */
  readonly open?: number
  /** Whether the row also runs over Node's own `fetch`. */
  readonly fetch?: boolean
  readonly note?: string
  readonly seen?: (requests: ReadonlyArray<Seen>) => void
}

type Transport = "undici" | "fetch"

const layerOf = (row: SocketRow, transport: Transport, server: FaultServer, encrypted: boolean) => {
  const options: AvaraClient.Options = {
    retry: twoRetries,
    timeout: "20 seconds",
    baseUrl: `${encrypted ? "https" : "http"}://127.0.0.1:${server.port}`,
    ...row.options,
    apiKey: Redacted.make(apiKey)
  }
  return Layer.orDie(
    transport === "undici"
      ? NodeAvara.layer(options, row.transport)
      : Layer.provide(Avara.layer(options), FetchHttpClient.layer)
  )
}

const promptMillis = 1000

const runCall = (row: SocketRow, server: FaultServer, api: Api) =>
  Effect.gen(function* () {
    const call = row.call.run(api)
    if (row.interruptWhen === undefined) return yield* Effect.exit(call)
    const fiber = yield* Effect.fork(call)
    yield* row.interruptWhen(server)
    const start = performance.now()
    const exit = yield* Fiber.interrupt(fiber)
    assert.ok(performance.now() - start < promptMillis, "the interruption took too long")
    return exit
  })

const isOpen = (server: FaultServer, count: number) =>
  server.until(`${count} open connections`, () => server.open() === count)

const runRow = (row: SocketRow, transport: Transport, server: FaultServer, encrypted: boolean) =>
  Effect.gen(function* () {
    const api = { customers: yield* Customers, users: yield* CustomerUsers }
    if (row.before !== undefined) yield* Effect.orDie(row.before(server, api))
    const already = server.requests.length
    const fibers = yield* Supervisor.track
    const exit = yield* Effect.supervised(runCall(row, server, api), fibers)
    const requests = server.requests.slice(already)
    expectResult(exit, row.result, row.requests)
    assert.equal(requests.length, row.requests, "requests")
    row.seen?.(requests)
    assert.equal((yield* fibers.value).length, 0, "fibers")
    if (transport === "undici") {
      yield* server.listen
      yield* isOpen(server, row.open ?? 1)
    }
  }).pipe(Effect.provide(layerOf(row, transport, server, encrypted)))

const runOver = (row: SocketRow, transport: Transport): Effect.Effect<void> =>
  Effect.gen(function* () {
    const other = yield* makeFaultServer({ script: () => json(clinic) })
    const options = typeof row.server === "function" ? row.server(other) : row.server
    const server = yield* makeFaultServer(options)
    yield* runRow(row, transport, server, row.https ?? options.certificate !== undefined)
    if (transport === "undici") yield* isOpen(server, 0)
    assert.equal(other.opened(), 0, "connections to the other server")
  }).pipe(Effect.scoped, expectNothingLeft)

/** A row over real sockets; nothing may stay open once the layer is released. */
export const socketRow = (row: SocketRow): Row => ({
  fault: row.fault,
  call: row.call.text,
  result: row.result,
  requests: row.requests,
  open: row.open ?? 1,
  note: row.note,
  check: Effect.zipRight(runOver(row, "undici"), row.fetch === true ? runOver(row, "fetch") : Effect.void)
})
