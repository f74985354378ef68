import * as Zlib from "node:zlib"
import * as Cookies from "@effect/platform/Cookies"
import * as Headers from "@effect/platform/Headers"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import * as UrlParams from "@effect/platform/UrlParams"
import * as Effect from "effect/Effect"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"

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
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  /** The body as it came; fails with the transport's own error. */
  readonly body: Effect.Effect<Uint8Array, unknown>
  /** The most bytes that a body may be unpacked to. */
  readonly maxBodySize: number
}

const decompress = ({ headers, maxBodySize }: Source, body: Uint8Array): Effect.Effect<Uint8Array, unknown> => {
  const encoding = headers["content-encoding"]
  const run = typeof encoding === "string" ? decompressors.get(encoding.trim().toLowerCase()) : undefined
  if (run === undefined || body.byteLength === 0) return Effect.succeed(body)
  return Effect.async((resume) =>
    run(body, { maxOutputLength: maxBodySize }, (error, result) =>
      resume(error === null ? Effect.succeed(result) : Effect.fail(error))
    )
  )
}

const toArrayBuffer = (bytes: Uint8Array): ArrayBuffer => {
  const copy = new Uint8Array(bytes.byteLength)
  copy.set(bytes)
  return copy.buffer
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const cookiesOf = (headers: Source["headers"]): Cookies.Cookies =>
  Cookies.fromSetCookie([headers["set-cookie"] ?? []].flat())

/** A response whose body is read while nobody asks for it yet, so that an unread one never blocks its connection. @internal */
export const makeResponse = (source: Source): HttpClientResponse.HttpClientResponse => {
  const { request, status } = source
  const failed = (cause: unknown) => new HttpClientError.ResponseError({ request, response, reason: "Decode", cause })
  const bytes = Effect.mapError(
    Effect.flatMap(source.body, (body) => decompress(source, body)),
    failed
  )
  const decoded = <A>(decode: (body: Uint8Array) => A) =>
    Effect.flatMap(bytes, (body) => Effect.try({ try: () => decode(body), catch: failed }))
  const response: HttpClientResponse.HttpClientResponse = {
    ...Inspectable.BaseProto,
    [HttpClientResponse.TypeId]: HttpClientResponse.TypeId,
    [HttpIncomingMessage.TypeId]: HttpIncomingMessage.TypeId,
    request,
    status,
    headers: Headers.fromInput(source.headers),
    remoteAddress: Option.none(),
    get cookies() {
      return cookiesOf(source.headers)
    },
    stream: Stream.fromEffect(bytes),
    arrayBuffer: Effect.map(bytes, toArrayBuffer),
    text: Effect.map(bytes, text),
    json: decoded((body) => JSON.parse(text(body)) as unknown),
    urlParamsBody: decoded((body) => UrlParams.fromInput(new URLSearchParams(text(body)))),
    formData: Effect.flatMap(bytes, (body) =>
      Effect.tryPromise({
        try: () =>
          new Response(toArrayBuffer(body), {
            headers: Headers.fromInput(source.headers)
          }).formData() as Promise<FormData>,
        catch: failed
      })
    ),
    toJSON: () =>
      HttpIncomingMessage.inspect(response, {
        _id: "@effect/platform/HttpClientResponse",
        request: request.toJSON(),
        status
      })
  }
  return response
}
