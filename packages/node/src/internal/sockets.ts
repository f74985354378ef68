import { Socket } from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { buildConnector } from "undici"

/** The sockets that a dispatcher has open or is opening. @internal */
export interface SocketRegistry {
  readonly registering: (connect: buildConnector.connector) => buildConnector.connector
}

/** Destroys what is still open at the scope's end: undici's dispatcher forgets connections that are being made when it is destroyed. @internal */
export const acquireSocketRegistry: Effect.Effect<SocketRegistry, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => new Set<Socket>()),
  (open) =>
    Effect.sync(() => {
      for (const socket of open) socket.destroy()
    })
).pipe(
  Effect.map((open) => ({
    registering: (connect) => (target, callback) => {
      const socket: unknown = connect(target, callback)
      if (!(socket instanceof Socket)) return
      open.add(socket)
      socket.once("close", () => open.delete(socket))
    }
  }))
)
