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
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"

/** Bytes with a buffer of their own, which so can be handed out. @internal */
export type Bytes = Uint8Array<ArrayBuffer>

type Decompress = (
  body: Uint8Array,
  options: Zlib.ZlibOptions,
  callback: (error: Error | null, result: Buffer) => void
) => void

/** Some servers leave out the header of zlib, by which it is told here. */
const inflate: Decompress = (body, options, callback) =>
  ((body[0] ?? 0) & 0x0f) === 0x08 ? Zlib.inflate(body, options, callback) : Zlib.inflateRaw(body, options, callback)

const decompressors = new Map<string, Decompress>([
  ["gzip", Zlib.gunzip],
  ["x-gzip", Zlib.gunzip],
  ["deflate", inflate],
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

const decompress = (body: Bytes, run: Decompress, maxOutputLength: number): Effect.Effect<Bytes, unknown> =>
  Effect.async((resume) =>
    run(body, { maxOutputLength }, (error, result) =>
      resume(error === null ? Effect.succeed(new Uint8Array(result)) : Effect.fail(error))
    )
  )

/** As many as `fetch` unpacks: each one multiplies what a small body can grow to. */
const maxCodings = 5

/** From the outermost to the innermost; none if one of them cannot be unpacked, so that the client sees the body as it came. */
const decompressorsOf = ({ headers }: Source): ReadonlyArray<Decompress> => {
  const codings = [headers["content-encoding"] ?? []]
    .flat()
    .flatMap((value) => value.split(","))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity")
  const found = codings.map((coding) => decompressors.get(coding)).filter(Predicate.isNotUndefined)
  return found.length === codings.length && found.length <= maxCodings ? found.reverse() : []
}

/** Data that does not shrink grows a little when it is compressed. */
const mostOf = (maxBodySize: number, layersLeft: number): number =>
  layersLeft === 0 ? maxBodySize : Math.ceil(maxBodySize * 1.01) + 1024

const unpackedBy = (body: Bytes, decompressors: ReadonlyArray<Decompress>, maxBodySize: number) =>
  Effect.reduce(decompressors, body, (packed, run, index) =>
    decompress(packed, run, mostOf(maxBodySize, decompressors.length - 1 - index))
  )

const unpacked = (source: Source): Source["body"] => {
  if (source.headers["content-encoding"] === undefined) return source.body
  const decompressors = decompressorsOf(source)
  return Effect.flatMap(source.body, (body) =>
    body.byteLength === 0 ? Effect.succeed(body) : unpackedBy(body, decompressors, source.maxBodySize)
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
