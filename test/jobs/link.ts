/** A network link between a runner and a server that can be cut. */
import * as net from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

export interface Link {
  readonly port: number
  /** Cuts the link: nothing arrives at either end, and neither end notices. */
  readonly cut: Effect.Effect<void>
  /** Restores the link: bytes sent in the meantime arrive now, or are lost with their connections. */
  readonly heal: (meanwhile: "arrives" | "isLost") => Effect.Effect<void>
}

interface Pair {
  readonly near: net.Socket
  readonly far: net.Socket
}

const join = (near: net.Socket, far: net.Socket) => {
  near.on("data", (bytes) => void far.write(bytes))
  far.on("data", (bytes) => void near.write(bytes))
}

const destroyBoth = ({ far, near }: Pair) => {
  near.destroy()
  far.destroy()
}

const portOf = (server: net.Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

/** Forwards one runner's traffic from its own port to the server's port. */
export const link = (to: number): Effect.Effect<Link, never, Scope.Scope> =>
  Effect.gen(function* () {
    const pairs = new Set<Pair>()
    let isCut = false
    const pause = ({ far, near }: Pair) => {
      near.pause()
      far.pause()
    }
    const server = net.createServer((near) => {
      const pair = { near, far: net.connect(to, "127.0.0.1") }
      pairs.add(pair)
      join(pair.near, pair.far)
      if (isCut) pause(pair)
      for (const end of [pair.near, pair.far]) {
        end.setNoDelay(true)
        end.on("error", () => destroyBoth(pair))
        end.on("close", () => {
          pairs.delete(pair)
          destroyBoth(pair)
        })
      }
    })
    yield* Effect.acquireRelease(
      Effect.async<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
      () =>
        Effect.async<void>((resume) => {
          for (const pair of pairs) destroyBoth(pair)
          server.close(() => resume(Effect.void))
        })
    )
    const heal = (meanwhile: "arrives" | "isLost") => {
      isCut = false
      for (const pair of pairs) {
        if (meanwhile === "isLost") destroyBoth(pair)
        pair.near.resume()
        pair.far.resume()
      }
    }
    return {
      port: portOf(server),
      cut: Effect.sync(() => {
        isCut = true
        for (const pair of pairs) pause(pair)
      }),
      heal: (meanwhile) => Effect.sync(() => heal(meanwhile))
    }
  })
