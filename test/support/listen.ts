import * as net from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** A server of sockets, or of HTTP, whose idle connections are closed with it. */
type Server = net.Server & { readonly closeAllConnections?: () => void }

/** Opens the server on a free port of this machine until the scope closes; returns the port. */
export const listening = (server: Server): Effect.Effect<number, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.async<number>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed((server.address() as net.AddressInfo).port)))
    }),
    () =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        server.closeAllConnections?.()
      })
  )

/** Opens the server on a free port of this machine until the scope closes; returns its URL. */
export const listen = (server: Server): Effect.Effect<string, never, Scope.Scope> =>
  Effect.map(listening(server), (port) => `http://127.0.0.1:${port}`)

/** A port of this machine on which nothing listens: it was free a moment ago. */
export const freePort = Effect.suspend(() => Effect.scoped(listening(net.createServer())))
