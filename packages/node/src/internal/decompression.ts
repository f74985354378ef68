import type { Duplex } from "node:stream"
import * as Zlib from "node:zlib"
import * as Headers from "@effect/platform/Headers"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"

const decoders = new Map<string, () => Duplex>([
  ["gzip", () => Zlib.createGunzip()],
  ["x-gzip", () => Zlib.createGunzip()],
  ["deflate", () => Zlib.createInflate()],
  ["br", () => Zlib.createBrotliDecompress()]
])

const decoderOf = ({ headers }: HttpClientResponse.HttpClientResponse): Option.Option<() => Duplex> =>
  Option.flatMapNullable(Headers.get(headers, "content-encoding"), (name) => decoders.get(name.trim().toLowerCase()))

const decompress = (
  response: HttpClientResponse.HttpClientResponse,
  makeDecoder: () => Duplex
): HttpClientResponse.HttpClientResponse => {
  const failed = (cause: unknown) =>
    new HttpClientError.ResponseError({ request: response.request, response, reason: "Decode", cause })
  const body = Stream.toReadableStream(NodeStream.pipeThroughDuplex(response.stream, makeDecoder, failed))
  const headers = Headers.remove(response.headers, ["content-encoding", "content-length"])
  return HttpClientResponse.fromWeb(response.request, new Response(body, { status: response.status, headers }))
}

const mayHaveBody = ({ status }: HttpClientResponse.HttpClientResponse) => status >= 200 && status !== 204 && status !== 304

/** undici hands out bodies as they came, so that compressed ones are asked for and unpacked here. @internal */
export const withDecompression = (client: HttpClient.HttpClient): HttpClient.HttpClient =>
  client.pipe(
    HttpClient.mapRequest(HttpClientRequest.setHeader("accept-encoding", "gzip, deflate, br")),
    HttpClient.transformResponse(
      Effect.map((response) =>
        Option.match(Option.filter(decoderOf(response), () => mayHaveBody(response)), {
          onNone: () => response,
          onSome: (makeDecoder) => decompress(response, makeDecoder)
        })
      )
    )
  )
