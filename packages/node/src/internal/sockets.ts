import { Socket } from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { buildConnector } from "undici"

/** The open and opening sockets of a dispatcher. @internal */
export interface SocketRegistry {
  readonly registering: (connect: buildConnector.connector) => buildConnector.connector
}

/** Destroys all open sockets when the scope ends: a destroyed undici dispatcher forgets connections that it is still making. @internal */
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
