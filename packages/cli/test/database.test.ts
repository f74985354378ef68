import * as net from "node:net"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { layer } from "../src/internal/database.js"

const authentication = (kind: number, data: string): Buffer => {
  const message = Buffer.alloc(9 + Buffer.byteLength(data))
  message.write("R")
  message.writeInt32BE(message.length - 1, 1)
  message.writeInt32BE(kind, 5)
  message.write(data, 9)
  return message
}

/** A PostgreSQL server that asks for a password. */
const askingServer = Effect.acquireRelease(
  Effect.async<net.Server>((resume) => {
    const server = net.createServer((socket) => {
      const replies = [authentication(10, "SCRAM-SHA-256\0\0"), authentication(11, "r=nonce,s=c2FsdA==,i=4096")]
      socket.on("error", () => {})
      socket.on("data", () => socket.write(replies.shift() ?? ""))
    })
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) => Effect.sync(() => server.close())
)

it.scopedLive("a missing PostgreSQL password is an error that names PGPASSWORD", () =>
  Effect.gen(function* () {
    const address = (yield* askingServer).address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    const error = yield* Effect.flip(Layer.build(layer(`postgres://me@127.0.0.1:${port}/data`)))
    expect(error.message).toBe(
      `postgres://me@127.0.0.1:${port}/data cannot be used: the server requires a password; set PGPASSWORD to it`
    )
  })
)
