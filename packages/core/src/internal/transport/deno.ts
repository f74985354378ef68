/** The differences of `fetch` on Deno. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ConnectionFailed } from "../../AvaraError.js"

interface Client {
  readonly close: () => void
}

/** The part of the global `Deno` that the client uses. */
interface Deno {
  readonly createHttpClient?: (options: { readonly poolMaxIdlePerHost: number }) => Client
}

/** Additions to the options of `fetch`. @internal */
export type FetchOptions = { readonly client?: Client }

const none: FetchOptions = {}

/**
 * Creates the options with which `fetch` sends a request on a new connection. If a reused connection breaks, Deno sends the request again,
 * even if the server has received it. Other runtimes need no options.
 *
 * @internal
 */
export const newConnection: Effect.Effect<FetchOptions, never, Scope.Scope> = Effect.suspend(() => {
  const deno: Deno | undefined = Reflect.get(globalThis, "Deno")
  const create = deno?.createHttpClient
  if (create === undefined) return Effect.succeed(none)
  const acquire = Effect.sync(() => create({ poolMaxIdlePerHost: 0 }))
  return Effect.map(
    Effect.acquireRelease(acquire, (client) => Effect.sync(() => client.close())),
    (client) => ({ client })
  )
})

// A URL has no spaces, so the text after it cannot be part of the request.
const connecting = /^error sending request for url \(\S+\): client error \(Connect\): (.+)$/s

/** The numbers are those of ECONNREFUSED, EHOSTUNREACH, ENETUNREACH and EADDRNOTAVAIL on Linux, macOS and Windows. */
const refused = /^tcp connect error: .*\(os error (?:111|61|10061|113|65|10065|101|51|10051|99|49|10049)\)/s

const reasons: ReadonlyArray<readonly [RegExp, ConnectionFailed["reason"]]> = [
  [/^dns error: /, "dns"],
  [refused, "refused"],
  [/^(?:invalid peer certificate|received corrupt message|received fatal alert)\b/, "tls"]
]

/** Returns why no connection was made, or `undefined`. It reads the message because errors of Deno have no codes. @internal */
export const reasonOf = (message: string): ConnectionFailed["reason"] | undefined => {
  const [, detail] = connecting.exec(message) ?? []
  if (detail === undefined) return undefined
  return reasons.find(([pattern]) => pattern.test(detail))?.[1] ?? "other"
}
