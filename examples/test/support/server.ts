import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"

const listen = (answer: http.RequestListener) =>
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

/** A server on a free port until the scope closes; returns its URL. */
export const serve = (answer: http.RequestListener) =>
  Effect.map(
    Effect.acquireRelease(listen(answer), close),
    (server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  )
