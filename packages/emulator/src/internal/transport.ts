import type * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"

/** How a connection breaks: with a reset, or closed too early. */
export type Break = "reset" | "close"

/** What carries the responses, and how faults break it. */
export interface Transport {
  /** Resets the connection before the response. */
  readonly lose: (request: HttpServerRequest.HttpServerRequest) => Effect.Effect<HttpServerResponse.HttpServerResponse>
  /** Breaks the connection once a part of the body is sent. */
  readonly breakOff: (request: HttpServerRequest.HttpServerRequest, how: Break) => Effect.Effect<never, Error>
}

const readMillis = 20

/** On a socket. A reset discards what the client has not read yet, so that comes first. */
export const socket: Transport = {
  lose: (request) =>
    Effect.sync(() => {
      NodeHttpServerRequest.toIncomingMessage(request).socket.resetAndDestroy()
      return HttpServerResponse.empty()
    }),
  breakOff: (request, how) =>
    Effect.async(() => {
      const { socket } = NodeHttpServerRequest.toIncomingMessage(request)
      const timer = setTimeout(() => (how === "reset" ? socket.resetAndDestroy() : socket.destroySoon()), readMillis)
      return Effect.sync(() => clearTimeout(timer))
    })
}

const codes = { reset: "ECONNRESET", close: "UND_ERR_SOCKET" }

/** What Node's own `fetch` fails with. */
const transportError = (message: string, how: Break): TypeError =>
  new TypeError(message, {
    cause: Object.assign(new Error(how === "reset" ? "read ECONNRESET" : "other side closed"), { code: codes[how] })
  })

export type Fetch = (request: Request) => Promise<Response>

/** In-process, where a `fetch` fails as one over a socket does. */
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
