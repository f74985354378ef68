import * as http from "node:http"
import { isIPv6 } from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

export interface ListenOptions {
  readonly host: string
  readonly port: number
}

const drainMillis = 2000

const hosts: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" }

const urlOf = (server: http.Server): string => {
  const address = server.address()
  if (address === null || typeof address === "string") return String(address)
  const host = hosts[address.address] ?? address.address
  return `http://${isIPv6(host) ? `[${host}]` : host}:${address.port}`
}

const listen = (server: http.Server, options: ListenOptions): Effect.Effect<void, NodeJS.ErrnoException> =>
  Effect.async((resume) => {
    const onError = (error: NodeJS.ErrnoException) => resume(Effect.fail(error))
    server.once("error", onError)
    try {
      server.listen(options, () => {
        server.off("error", onError)
        resume(Effect.void)
      })
    } catch (error) {
      onError(error as NodeJS.ErrnoException)
    }
  })

const trackResponses = (server: http.Server): ReadonlySet<http.ServerResponse> => {
  const responses = new Set<http.ServerResponse>()
  server.prependListener("request", (_request, response) => {
    responses.add(response)
    response.once("close", () => responses.delete(response))
  })
  return responses
}

// The time limit uses the machine's clock, so a test clock that does not advance cannot delay the shutdown.
const drain = (server: http.Server, responses: ReadonlySet<http.ServerResponse>): Effect.Effect<void> =>
  Effect.async((resume) => {
    const bound = setTimeout(() => server.closeAllConnections(), drainMillis)
    server.close(() => {
      clearTimeout(bound)
      resume(Effect.void)
    })
    const closeWhenDone = () => {
      if (responses.size === 0) server.closeAllConnections()
    }
    for (const response of responses) {
      response.shouldKeepAlive = false
      response.once("close", closeWhenDone)
    }
    closeWhenDone()
  })

/** Runs a server for the duration of the scope. When the scope ends, responses in flight have 2 seconds to finish. */
export const serve = (
  handler: http.RequestListener,
  options: ListenOptions
): Effect.Effect<string, NodeJS.ErrnoException, Scope.Scope> =>
  Effect.gen(function* () {
    const server = http.createServer(handler)
    const responses = trackResponses(server)
    yield* Effect.acquireRelease(listen(server, options), () => drain(server, responses))
    return urlOf(server)
  })
