import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { GetRuntime } from "../platform/fiber.js"

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

/** A request that can be sent any number of times. */
export interface TransportRequest {
  readonly method: Method
  /** Such as `https://api.avarasoftware.com`. */
  readonly origin: string
  /** The path and the query, as a URL has them. */
  readonly path: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** The names of headers whose values may be secret. */
  readonly secretHeaders: ReadonlyArray<string>
  /** JSON, if there is a body. */
  readonly body: string | undefined
  /** The most bytes that a success may have, packed and unpacked. */
  readonly maxBodySize: number
}

/** The beginning of a response; headers by lower-case name. */
export interface Head {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

export const isSuccess = ({ status }: Head): boolean => status >= 200 && status <= 299

/** Enough for a page of 100 customers with all the metadata that is allowed, which takes 66 MB where each character is escaped. */
export const defaultMaxBodySize = 72 * 1024 * 1024

/** JavaScript holds no longer text than that. */
export const largestMaxBodySize = 500 * 1024 * 1024

/** The most bytes that are read of a response that is no success. */
const maxRefusalSize = 1024 * 1024

export const maxSizeOf = ({ maxBodySize }: TransportRequest, head: Head): number =>
  isSuccess(head) ? maxBodySize : maxRefusalSize

/** The compressions that transports undo. */
export const codings = ["gzip", "x-gzip", "deflate", "br"] as const

/** How often a body may be compressed, which is what `fetch` undoes: each time multiplies what a small body can grow to. */
export const maxCodings = 5

type Coding = (typeof codings)[number]

const isCoding = (name: string): name is Coding => codings.some((coding) => coding === name)

/** The compressions of a body, the first that was applied first; none if transports leave the body as it is, as one is unknown. */
export const codingsOf = (contentEncoding = ""): ReadonlyArray<Coding> | undefined => {
  const applied = contentEncoding
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity")
  return applied.length <= maxCodings && applied.every(isCoding) ? applied : undefined
}

/** The bytes of a body that came in parts. */
export const joinChunks = (chunks: ReadonlyArray<Uint8Array>, size: number): Uint8Array => {
  const [first] = chunks
  if (first !== undefined && chunks.length === 1) return first
  const whole = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.byteLength
  }
  return whole
}

/** Why there is no whole response; a cause with `requestSent: false` says that nothing of the request was written. */
export class TransportError extends Data.TaggedError("TransportError")<{ readonly cause: unknown }> {}

/** The cause where a body is larger than it may be, by the code that unpacking has for it. */
export const bodyTooLarge = { code: "ERR_BUFFER_TOO_LARGE" }

/** A response, whose body is empty as long as it is not there. */
export interface Received {
  readonly head: Head
  readonly body: Uint8Array
}

/** Hears of a response: once when its head is there, and once of how it ended. */
export interface Listener {
  readonly onHead: (head: Head) => void
  readonly onEnd: (received: Exit.Exit<Received, TransportError>) => void
}

/**
 * Sends requests: the one seam between calls and connections.
 *
 * `send` begins to send at once, follows no redirect, has no deadline of its own, and returns what aborts it; after that the listener hears
 * nothing that counts. Only a transport that runs code of a user needs the runtime of the call.
 */
export interface TransportService {
  readonly send: (request: TransportRequest, runtime: GetRuntime, listener: Listener) => Effect.Effect<void>
}

/** In place of the `HttpClient` in the context. */
export class Transport extends Context.Tag("@effect-avara/core/internal/Transport")<Transport, TransportService>() {}
