import * as Zlib from "node:zlib"
import * as Cookies from "@effect/platform/Cookies"
import * as Headers from "@effect/platform/Headers"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import * as UrlParams from "@effect/platform/UrlParams"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"

/** Bytes with a buffer of their own, which so can be handed out. @internal */
export type Bytes = Uint8Array<ArrayBuffer>

type Decompress = (
  body: Uint8Array,
  options: Zlib.ZlibOptions,
  callback: (error: Error | null, result: Buffer) => void
) => void

const decompressors = new Map<string, Decompress>([
  ["gzip", Zlib.gunzip],
  ["x-gzip", Zlib.gunzip],
  ["deflate", Zlib.inflate],
  ["br", Zlib.brotliDecompress]
])

/** The encodings that bodies are unpacked from. @internal */
export const acceptEncoding = "gzip, deflate, br"

/** @internal */
export interface Source {
  readonly request: HttpClientRequest.HttpClientRequest
  readonly status: number
  readonly headers: Readonly<Record<string, string | Array<string> | undefined>>
  /** The body as it came; fails with the transport's own error. */
  readonly body: Effect.Effect<Bytes, unknown> | Exit.Exit<Bytes, unknown>
  /** The most bytes that a body may be unpacked to. */
  readonly maxBodySize: number
}

const decompress = (body: Bytes, run: Decompress, { maxBodySize }: Source): Effect.Effect<Bytes, unknown> =>
  Effect.async((resume) =>
    run(body, { maxOutputLength: maxBodySize }, (error, result) =>
      resume(error === null ? Effect.succeed(new Uint8Array(result)) : Effect.fail(error))
    )
  )

const decompressorOf = ({ headers }: Source): Decompress | undefined => {
  const encoding = headers["content-encoding"]
  return typeof encoding === "string" ? decompressors.get(encoding.trim().toLowerCase()) : undefined
}

const unpacked = (source: Source): Source["body"] => {
  const run = decompressorOf(source)
  return run === undefined
    ? source.body
    : Effect.flatMap(source.body, (body) =>
        body.byteLength === 0 ? Effect.succeed(body) : decompress(body, run, source)
      )
}

const textOf = (body: Bytes): string => new TextDecoder().decode(body)

/** A response whose body is read while nobody asks for it yet, so that an unread one never blocks its connection. @internal */
export class BufferedResponse extends Inspectable.Class implements HttpClientResponse.HttpClientResponse {
  readonly [HttpClientResponse.TypeId]: HttpClientResponse.TypeId = HttpClientResponse.TypeId
  readonly [HttpIncomingMessage.TypeId]: HttpIncomingMessage.TypeId = HttpIncomingMessage.TypeId
  readonly #source: Source
  #headers: Headers.Headers | undefined

  constructor(source: Source) {
    super()
    this.#source = source
  }

  get headers() {
    this.#headers ??= Headers.fromInput(this.#source.headers)
    return this.#headers
  }

  get request() {
    return this.#source.request
  }

  get status() {
    return this.#source.status
  }

  get remoteAddress() {
    return Option.none()
  }

  get cookies() {
    return Cookies.fromSetCookie([this.#source.headers["set-cookie"] ?? []].flat())
  }

  get arrayBuffer(): Effect.Effect<ArrayBuffer, HttpClientError.ResponseError> {
    const body = unpacked(this.#source)
    const outcome = { onFailure: this.#failed, onSuccess: ({ buffer }: Bytes) => buffer }
    // What is there already is no work for a fiber.
    return Exit.isExit(body) ? Exit.mapBoth(body, outcome) : Effect.mapBoth(body, outcome)
  }

  get stream() {
    return Stream.fromEffect(this.#bytes)
  }

  get text() {
    return Effect.map(this.#bytes, textOf)
  }

  get json() {
    return this.#decoded((body) => JSON.parse(textOf(body)) as unknown)
  }

  get urlParamsBody() {
    return this.#decoded((body) => UrlParams.fromInput(new URLSearchParams(textOf(body))))
  }

  get formData() {
    const { headers } = this
    return Effect.flatMap(this.#bytes, (body) =>
      Effect.tryPromise({
        try: () => new Response(body, { headers }).formData() as Promise<FormData>,
        catch: this.#failed
      })
    )
  }

  toJSON() {
    return HttpIncomingMessage.inspect(this, {
      _id: "@effect/platform/HttpClientResponse",
      request: this.request.toJSON(),
      status: this.status
    })
  }

  readonly #failed = (cause: unknown): HttpClientError.ResponseError =>
    new HttpClientError.ResponseError({ request: this.request, response: this, reason: "Decode", cause })

  get #bytes(): Effect.Effect<Bytes, HttpClientError.ResponseError> {
    return Effect.mapError(unpacked(this.#source), this.#failed)
  }

  #decoded<A>(decode: (body: Bytes) => A): Effect.Effect<A, HttpClientError.ResponseError> {
    return Effect.flatMap(this.#bytes, (body) => Effect.try({ try: () => decode(body), catch: this.#failed }))
  }
}
