import type * as http from "node:http"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** Starts the server on a free port of this machine until the scope closes; returns its URL. */
export const listen = (server: http.Server): Effect.Effect<string, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.async<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
    () =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  ).pipe(
    Effect.map(() => {
      const address = server.address()
      return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`
    })
  )
