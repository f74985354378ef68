import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { GetRuntime } from "../platform/fiber.js"

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

/** A request that can be sent any number of times. */
export interface TransportRequest {
  readonly method: Method
  /** The server's origin, such as `https://api.avarasoftware.com`. */
  readonly origin: string
  /** The path and the query, encoded for a URL. */
  readonly path: string
  /** The headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** The names of headers whose values may be secret. */
  readonly secretHeaders: ReadonlyArray<string>
  /** The JSON text of the body, if there is one. */
  readonly body: string | undefined
  /** The largest body of a successful response in bytes, both compressed and decompressed. */
  readonly maxBodySize: number
}

/** The head of a response, with headers by lower-case name. */
export interface Head {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

export const isSuccess = ({ status }: Head): boolean => status >= 200 && status <= 299

/** A page of 100 customers with the maximum metadata takes 66 MB if every character is escaped. */
export const defaultMaxBodySize = 72 * 1024 * 1024

/** JavaScript strings cannot be longer. */
export const largestMaxBodySize = 500 * 1024 * 1024

/** The largest body of any other response in bytes. */
const maxRefusalSize = 1024 * 1024

export const maxSizeOf = ({ maxBodySize }: TransportRequest, head: Head): number =>
  isSuccess(head) ? maxBodySize : maxRefusalSize

/** The compressions that transports can decompress. */
export const codings = ["gzip", "x-gzip", "deflate", "br"] as const

/** How many times a body may be compressed, as in `fetch`: each time multiplies the size that a small body can expand to. */
export const maxCodings = 5

type Coding = (typeof codings)[number]

const isCoding = (name: string): name is Coding => codings.some((coding) => coding === name)

/** Returns the compressions of a body in the order of their application, or `undefined` if transports cannot decompress it. */
export const codingsOf = (contentEncoding = ""): ReadonlyArray<Coding> | undefined => {
  const applied = contentEncoding
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity")
  return applied.length <= maxCodings && applied.every(isCoding) ? applied : undefined
}

/** Joins the chunks of a body. */
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

/** Why there is no complete response. A cause with `requestSent: false` means that nothing of the request was written. */
export class TransportError extends Data.TaggedError("TransportError")<{ readonly cause: unknown }> {}

/** The cause if a body is too large, with the code that decompression uses for it. */
export const bodyTooLarge = { code: "ERR_BUFFER_TOO_LARGE" }

/** A response. Its body is empty until it arrives. */
export interface Received {
  readonly head: Head
  readonly body: Uint8Array
}

/** The callbacks of a request: `onHead` runs when the head of a response arrives, and `onEnd` when the request ends. */
export interface Listener {
  readonly onHead: (head: Head) => void
  readonly onEnd: (received: Exit.Exit<Received, TransportError>) => void
}

/**
 * The interface between calls and connections.
 *
 * `send` starts to send immediately, follows no redirects, has no timeout, and returns an Effect that aborts the request. After an abort, calls
 * of the listener have no effect. Only a transport that runs a user's code needs the runtime of the call.
 */
export interface TransportService {
  readonly send: (request: TransportRequest, runtime: GetRuntime, listener: Listener) => Effect.Effect<void>
}

/** The transport that replaces the `HttpClient` in the context. */
export class Transport extends Context.Tag("@effect-avara/core/internal/Transport")<Transport, TransportService>() {}
