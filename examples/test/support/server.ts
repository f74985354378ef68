import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"

const listening = (answer: http.RequestListener) =>
  Effect.promise(
    () =>
      new Promise<http.Server>((resolve) => {
        const server = http.createServer(answer)
        server.listen(0, "127.0.0.1", () => resolve(server))
      })
  )

const close = (server: http.Server) =>
  Effect.promise(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  )

const urlOf = (server: http.Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

/** A server on a free port, as long as the scope. */
export const serve = (answer: http.RequestListener) =>
  Effect.map(Effect.acquireRelease(listening(answer), close), urlOf)

/** The URL of a port that nobody listens on. */
export const unreachable = Effect.gen(function* () {
  const server = yield* listening(() => {})
  const url = urlOf(server)
  yield* close(server)
  return url
})
