import { readFileSync } from "node:fs"
import * as http from "node:http"
import * as https from "node:https"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { listening } from "./listen.js"

/** A request as it arrived over the wire. */
export interface Recorded {
  readonly method: string
  /** The path and query of the request line. */
  readonly target: string
  /** The values of each header, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Text is sent unchanged, anything else as JSON. */
  readonly body?: unknown
}

/** A server's reaction to a request; `destroy` cuts the connection. */
export type Respond = (request: Recorded, index: number) => Answer | "destroy"

export interface RecordingServer {
  readonly url: string
  readonly port: number
  readonly requests: ReadonlyArray<Recorded>
  /** How many connections were made in total. */
  readonly accepted: () => number
  /** How many connections are open now. */
  readonly open: Effect.Effect<number>
}

const read = async (request: http.IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString("utf8")
}

const recordOf = async (request: http.IncomingMessage): Promise<Recorded> => ({
  method: request.method ?? "",
  target: request.url ?? "",
  headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
  body: await read(request)
})

const write = (response: http.ServerResponse, { body, headers = {}, status = 200 }: Answer) => {
  const isText = typeof body === "string"
  response.writeHead(status, {
    ...(body === undefined || isText ? {} : { "content-type": "application/json" }),
    ...headers
  })
  response.end(body === undefined || isText ? body : JSON.stringify(body))
}

/** A file of `test/support/certs`. */
export const certificate = (name: string): string => readFileSync(new URL(`certs/${name}`, import.meta.url), "utf8")

const ignoreAborted = () => {}

export const openConnections = (server: http.Server): Effect.Effect<number> =>
  Effect.async((resume) => {
    server.getConnections((_, count) => resume(Effect.succeed(count)))
  })

/** A server on a free port of 127.0.0.1 that records its requests until the scope closes. */
export const recordingServer = (
  respond: Respond,
  tls?: https.ServerOptions
): Effect.Effect<RecordingServer, never, Scope.Scope> =>
  Effect.gen(function* () {
    const requests: Array<Recorded> = []
    let accepted = 0
    const handle = async (request: http.IncomingMessage, response: http.ServerResponse) => {
      const recorded = await recordOf(request)
      requests.push(recorded)
      const answer = respond(recorded, requests.length - 1)
      if (answer === "destroy") request.socket.destroy()
      else write(response, answer)
    }
    const listener: http.RequestListener = (request, response) => void handle(request, response).catch(ignoreAborted)
    const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener)
    server.on("connection", () => accepted++)
    const port = yield* listening(server)
    return {
      url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
      port,
      requests,
      accepted: () => accepted,
      open: openConnections(server)
    }
  })
