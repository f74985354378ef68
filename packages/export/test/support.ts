import * as fs from "node:fs"
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Avara, Customers, RetryPolicy } from "@effect-avara/core"
import type { Customer, StreamPage } from "@effect-avara/core/Customer"
import { Customer as CustomerSchema } from "@effect-avara/core/Customer"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"

export const apiKey = Redacted.make(`sk_live_${"0".repeat(32)}`)

export const Platform = Layer.merge(NodeFileSystem.layer, NodePath.layer)

/** The emulator in this process, a client of it, and the platform. */
export const emulated = (customers: number) =>
  Avara.layer({ apiKey }).pipe(Layer.provideMerge(Emulator.layerHttpClient({ customers })), Layer.merge(Platform))

/** A directory that is removed with the scope. */
export const directory = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "avara-export-"))),
  (made) => Effect.sync(() => fs.rmSync(made, { recursive: true, force: true }))
)

/** A path in a directory that is removed with the scope. */
export const pathTo = (name: string) => Effect.map(directory, (made) => path.join(made, name))

export const id = (number: number): string => `cus_${number.toString(16).padStart(32, "0")}`

/** A customer as the server could send it. */
export const sent = (number: number, more: object = {}) => ({
  expressCustomerId: id(number),
  expressCustomerName: `Clinic ${number}`,
  isActive: number % 3 !== 0,
  userCount: number,
  createdAt: "2024-01-15T09:00:00.123456Z",
  updatedAt: null,
  ...more
})

const decode = Schema.decodeUnknownSync(CustomerSchema)

const pageOf = (rows: ReadonlyArray<object>, cursor: string | undefined): StreamPage => ({
  expressCustomers: rows.map((row): Customer => decode(row)),
  received: rows,
  duplicates: 0,
  hasMore: cursor !== undefined,
  ...(cursor === undefined ? {} : { cursor })
})

/** A list of the given rows, `limit` per page, in place of the client. */
export const listed = (rows: ReadonlyArray<object>, limit = 10) =>
  Layer.effect(
    Customers,
    Effect.succeed(
      Customers.of({
        ...unimplemented,
        pages: ({ cursor = "0" } = {}) =>
          Stream.paginate(Number(cursor), (offset) => {
            const next = offset + limit
            const isLast = next >= rows.length
            const page = pageOf(rows.slice(offset, next), isLast ? undefined : String(next))
            return [page, isLast ? Option.none() : Option.some(next)]
          })
      })
    )
  )

const notNeeded = () => Effect.die("not part of this test")

const unimplemented = {
  create: notNeeded,
  createOnce: notNeeded,
  list: notNeeded,
  stream: () => Stream.die("not part of this test"),
  retrieve: notNeeded,
  retrieveActive: notNeeded,
  update: notNeeded,
  deactivate: notNeeded,
  reactivate: notNeeded
}

/** The fault that a scripted server has for the request of a page. */
export type Fault = "reset" | "html" | 400 | 500 | undefined

/** How a cursor contains an offset. */
export interface Cursors {
  readonly encode: (offset: number) => string
  readonly decode: (cursor: string) => number
}

const numbers: Cursors = { encode: String, decode: Number }

/** Cursors as in the example of the API. */
export const offsets: Cursors = {
  encode: (offset) => btoa(JSON.stringify({ offset })),
  decode: (cursor) => JSON.parse(atob(cursor)).offset
}

/** A server that lists rows by offset, and fails at the given requests. */
export const faulty = (rows: ReadonlyArray<object>, fault: (request: number) => Fault, cursors = numbers) =>
  Effect.gen(function* () {
    let requests = 0
    const server = http.createServer((request, response) => {
      requests += 1
      const kind = fault(requests)
      if (kind === "reset") return void request.socket.destroy()
      if (kind === 400 || kind === 500) return void response.writeHead(kind).end("{}")
      if (kind === "html") return void response.writeHead(200, { "content-type": "text/html" }).end("<html>")
      const url = new URL(request.url ?? "/", "http://server")
      const cursor = url.searchParams.get("cursor")
      const offset = cursor === null ? 0 : cursors.decode(cursor)
      const next = offset + Number(url.searchParams.get("limit"))
      const body = {
        expressCustomers: rows.slice(offset, next),
        hasMore: next < rows.length,
        ...(next < rows.length ? { cursor: cursors.encode(next) } : {})
      }
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body))
    })
    yield* Effect.acquireRelease(
      Effect.async<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
      () =>
        Effect.async<void>((resume) => {
          server.closeAllConnections()
          server.close(() => resume(Effect.void))
        })
    )
    const { port } = server.address() as AddressInfo
    const client = Avara.layer({ apiKey, baseUrl: `http://127.0.0.1:${port}`, retry: RetryPolicy.none }).pipe(
      Layer.provide(FetchHttpClient.layer)
    )
    return Layer.merge(client, Platform)
  })
