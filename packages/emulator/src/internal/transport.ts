import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"

/** How a connection breaks: it is reset, or closed too early. */
export type Break = "reset" | "close"

/** The ways in which faults break the connection of a response. */
export interface Transport {
  /** Resets the connection before the response. */
  readonly lose: (request: HttpServerRequest.HttpServerRequest) => Effect.Effect<HttpServerResponse.HttpServerResponse>
  /** Breaks the connection after a part of the body. */
  readonly breakOff: (request: HttpServerRequest.HttpServerRequest, how: Break) => Effect.Effect<never, Error>
}

const readMillis = 20

/** Breaks a socket, after a pause for the client to read the part of the body: a reset discards what it has not read. */
export const socket: Transport = {
  lose: (request) =>
    Effect.sync(() => {
      NodeHttpServerRequest.toIncomingMessage(request).socket.resetAndDestroy()
      return HttpServerResponse.empty()
    }),
  breakOff: (request, how) =>
    Effect.async(() => {
      const { socket } = NodeHttpServerRequest.toIncomingMessage(request)
      const breakSocket = () => (how === "reset" ? socket.resetAndDestroy() : socket.destroySoon())
      // A busy event loop runs the timer before a client of the same process reads; the immediate runs after it.
      const timer = setTimeout(() => setImmediate(breakSocket), readMillis)
      return Effect.sync(() => clearTimeout(timer))
    })
}

const codes = { reset: "ECONNRESET", close: "UND_ERR_SOCKET" }

/** Creates the error of Node's own `fetch`. */
const transportError = (message: string, how: Break): TypeError =>
  new TypeError(message, {
    cause: Object.assign(new Error(how === "reset" ? "read ECONNRESET" : "other side closed"), { code: codes[how] })
  })

export type Fetch = (request: Request) => Promise<Response>

/** Creates a transport for an in-process `fetch`, which fails like one over a socket. */
export const makeInProcess = (): {
  readonly transport: Transport
  readonly failing: (handler: Fetch) => Fetch
} => {
  const lost = new WeakSet<object>()
  return {
    transport: {
      lose: (request) =>
        Effect.sync(() => {
          if (Predicate.isObject(request.source)) lost.add(request.source)
          return HttpServerResponse.empty()
        }),
      breakOff: (_, how) => Effect.fail(transportError("terminated", how))
    },
    failing: (handler) => async (request) => {
      const response = await handler(request)
      if (lost.has(request)) throw transportError("fetch failed", "reset")
      return response
    }
  }
}
