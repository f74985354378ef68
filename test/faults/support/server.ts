import { readFileSync } from "node:fs"
import * as Net from "node:net"
import * as Tls from "node:tls"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Headers, head } from "../../support/answerHead.js"

/** A request as the server read it; `number` and `connection` count from 1. */
export interface Seen {
  readonly number: number
  readonly connection: number
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One step of the server on a connection. */
export type Step = (socket: Net.Socket) => void

/** The server's steps for a request; a connection that stays open takes the next request. */
export type Answer = ReadonlyArray<Step>

/** The responses in order, or by request. A request beyond the list is reset, so that the count reveals it. */
export type Script = ReadonlyArray<Answer> | ((request: Seen) => Answer)

export interface ServerOptions {
  readonly script?: Script
  /** The name of the certificate in `test/support/certs` to speak TLS with. */
  readonly certificate?: "server" | "expired" | "wrong-name" | "self-signed"
  /** Runs as soon as a connection opens. */
  readonly greeting?: Answer
  /** Stops listening before anything can connect. */
  readonly gone?: boolean
  /** Accepts connections and reads nothing from them. */
  readonly deaf?: boolean
}

export interface FaultServer {
  readonly port: number
  readonly requests: ReadonlyArray<Seen>
  /** How many connections were made. */
  readonly opened: () => number
  /** How many of them are open. */
  readonly open: () => number
  /** Waits until a condition on the requests or connections holds. */
  readonly until: (what: string, holds: () => boolean) => Effect.Effect<void>
  /** Reads from every connection again, as only a reader notices that the peer has closed it. */
  readonly listen: Effect.Effect<void>
}

export const write =
  (bytes: string | Uint8Array): Step =>
  (socket) => {
    socket.write(bytes)
  }

const turnsToRead = 5

/** Waits for a few turns of the event loop, in which the client of this process reads. */
const afterTurns = (turns: number, act: () => void): void => {
  if (turns === 0) act()
  else setImmediate(() => afterTurns(turns - 1, act))
}

/** Ends the connection with RST after the client has read everything written before. */
export const reset: Step = (socket) => afterTurns(turnsToRead, () => socket.resetAndDestroy())

/** Ends the connection with FIN. */
export const close: Step = (socket) => {
  socket.end()
}

/** Writes nothing more and keeps the connection open. */
export const stall: Step = () => {}

/** Writes one byte at a time. */
export const drip =
  (text: string, everyMillis: number): Step =>
  (socket) => {
    let sent = 0
    const timer = setInterval(() => {
      if (sent < text.length) socket.write(text[sent++] ?? "")
    }, everyMillis)
    socket.on("close", () => clearInterval(timer))
  }

/** Writes the same bytes endlessly, as fast as the client reads. */
export const endless =
  (bytes: Uint8Array): Step =>
  (socket) => {
    const pump = (): void => {
      while (!socket.destroyed && socket.write(bytes));
    }
    socket.on("drain", pump)
    pump()
  }

/** A valid response with this body. */
export const answer = (status: number, body: string | Uint8Array = "", headers: Headers = {}): Answer => {
  const bytes = Buffer.from(body)
  return [
    write(Buffer.concat([Buffer.from(head(status, { "content-length": String(bytes.byteLength), ...headers })), bytes]))
  ]
}

const jsonType = { "content-type": "application/json" }

export const json = (body: unknown, status = 200, headers: Headers = {}): Answer =>
  answer(status, JSON.stringify(body), { ...jsonType, ...headers })

/** A JSON response, truncated in the middle of its body. */
export const half = (body: unknown, status = 200): ReadonlyArray<Step> => {
  const text = JSON.stringify(body)
  const headers = { ...jsonType, "content-length": String(Buffer.byteLength(text)) }
  return [write(`${head(status, headers)}${text.slice(0, text.length / 2)}`)]
}

/** A response truncated in the middle of a header. */
export const halfHead: ReadonlyArray<Step> = [write("HTTP/1.1 200 OK\r\ncontent-type: appli")]

export const certificate = (name: string): string =>
  readFileSync(new URL(`../../support/certs/${name}.pem`, import.meta.url), "utf8")

const headEnd = "\r\n\r\n"

const parse = (
  buffer: Buffer
): { readonly seen: Omit<Seen, "number" | "connection">; readonly rest: Buffer } | undefined => {
  const end = buffer.indexOf(headEnd)
  if (end === -1) return undefined
  const [requestLine = "", ...lines] = buffer.subarray(0, end).toString("latin1").split("\r\n")
  const [method = "", target = ""] = requestLine.split(" ")
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()])
  )
  const bodyStart = end + headEnd.length
  const bodyEnd = bodyStart + Number(headers["content-length"] ?? 0)
  if (buffer.byteLength < bodyEnd) return undefined
  const { pathname, searchParams } = new URL(target, "http://fault")
  return {
    seen: {
      method,
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers,
      body: buffer.subarray(bodyStart, bodyEnd).toString("utf8")
    },
    rest: buffer.subarray(bodyEnd)
  }
}

const patience = "3 seconds"

const acquire = ({ certificate: name, deaf, gone, greeting, script = [] }: ServerOptions) =>
  Effect.async<FaultServer & { readonly shut: Effect.Effect<void> }>((resume) => {
    const requests: Array<Seen> = []
    const sockets = new Set<Net.Socket>()
    const watchers = new Set<() => void>()
    let opened = 0

    const changed = () => {
      for (const watcher of watchers) watcher()
    }
    const answerTo = (seen: Seen): Answer =>
      typeof script === "function" ? script(seen) : (script[seen.number - 1] ?? [reset])

    const onSocket = (socket: Net.Socket) => {
      opened += 1
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on("close", () => {
        sockets.delete(socket)
        changed()
      })
      changed()
    }

    const onConnection = (socket: Net.Socket) => {
      const connection = opened
      let buffer = Buffer.alloc(0)
      socket.on("error", () => {})
      socket.on("data", (chunk: Buffer) => {
        buffer = Buffer.concat([buffer, chunk])
        const parsed = parse(buffer)
        if (parsed === undefined) return
        buffer = Buffer.from(parsed.rest)
        const seen = { ...parsed.seen, number: requests.length + 1, connection }
        requests.push(seen)
        for (const step of answerTo(seen)) step(socket)
        changed()
      })
      if (deaf === true) socket.pause()
      for (const step of greeting ?? []) step(socket)
    }

    const server =
      name === undefined
        ? Net.createServer(onConnection)
        : Tls.createServer(
            {
              key: certificate("key"),
              cert: certificate(name)
            },
            onConnection
          )
    server.prependListener("connection", onSocket)

    const until: FaultServer["until"] = (what, holds) =>
      Effect.async<void>((resume) => {
        const watcher = () => {
          if (!holds()) return
          watchers.delete(watcher)
          resume(Effect.void)
        }
        watchers.add(watcher)
        watcher()
        return Effect.sync(() => watchers.delete(watcher))
      }).pipe(
        Effect.timeoutFail({
          duration: patience,
          onTimeout: () =>
            new Error(`not so in ${patience}: ${what}; ${requests.length} requests, ${sockets.size} open connections`)
        }),
        Effect.orDie
      )

    const shut = Effect.async<void>((resume) => {
      server.close(() => resume(Effect.void))
      for (const socket of sockets) socket.destroy()
    })

    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      if (address === null || typeof address === "string") throw new Error("the fault server has no port")
      if (gone === true) server.close()
      resume(
        Effect.succeed({
          port: address.port,
          requests,
          opened: () => opened,
          open: () => sockets.size,
          until,
          listen: Effect.sync(() => {
            for (const socket of sockets) socket.resume()
          }),
          shut
        })
      )
    })
  })

/** A server on raw sockets that follows a script for each request. */
export const makeFaultServer = (options: ServerOptions): Effect.Effect<FaultServer, never, Scope.Scope> =>
  Effect.acquireRelease(acquire(options), ({ shut }) => shut)
