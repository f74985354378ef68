import { Readable } from "node:stream"
import type * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Dispatcher } from "undici"
import { acceptEncoding, makeResponse } from "./response.js"

type DispatchBody = NonNullable<Dispatcher.DispatchOptions["body"]> | null

/** What a request failed with, and whether undici had begun to write it to a socket. */
interface TransportCause {
  readonly cause: unknown
  readonly requestSent: boolean
}

const bodyOf = (body: HttpBody.HttpBody): DispatchBody => {
  switch (body._tag) {
    case "Empty":
      return null
    case "Uint8Array":
      return body.body
    case "Raw":
      return body.body as DispatchBody
    case "FormData":
      return body.formData as unknown as DispatchBody
    case "Stream":
      return Readable.from(Stream.toAsyncIterable(body.stream))
  }
}

/** A body that fills up while its reader may come at any time, or never. */
const makeCollector = () => {
  const chunks: Array<Uint8Array> = []
  let result: Effect.Effect<Uint8Array, unknown> | undefined
  let reader: ((result: Effect.Effect<Uint8Array, unknown>) => void) | undefined
  const finish = (ended: Effect.Effect<Uint8Array, unknown>) => {
    result = ended
    reader?.(ended)
  }
  return {
    add: (chunk: Uint8Array) => {
      chunks.push(chunk)
    },
    end: () =>
      finish(Effect.succeed(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))),
    fail: (error: unknown) => finish(Effect.fail(error)),
    read: (abort: () => void): Effect.Effect<Uint8Array, unknown> =>
      Effect.async((resume) => {
        if (result !== undefined) return resume(result)
        reader = resume
        return Effect.sync(abort)
      })
  }
}

const interrupted = new Error("interrupted")

/** An `HttpClient` straight on undici's dispatcher: no stream and no promise between the socket and the fiber. @internal */
export const makeHttpClient = (dispatcher: Dispatcher, maxBodySize: number): HttpClient.HttpClient =>
  HttpClient.make((request, url, signal) =>
    Effect.async((resume) => {
      const collector = makeCollector()
      let controller: Dispatcher.DispatchController | undefined
      let isAborted = false
      let isAnswered = false
      const abort = () => {
        isAborted = true
        controller?.abort(interrupted)
      }
      const fail = (cause: unknown) => {
        if (isAnswered) return collector.fail(cause)
        const transportCause: TransportCause = { cause, requestSent: controller !== undefined }
        resume(Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", cause: transportCause })))
      }
      signal.addEventListener("abort", abort, { once: true })
      dispatcher.dispatch(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method: request.method,
          headers: { "accept-encoding": acceptEncoding, ...request.headers },
          body: bodyOf(request.body),
          // The client has its own deadlines.
          headersTimeout: 0,
          bodyTimeout: 0
        },
        {
          onRequestStart: (started) => {
            controller = started
            if (isAborted) started.abort(interrupted)
          },
          onResponseStart: (_, status, headers) => {
            if (status < 200) return
            isAnswered = true
            resume(Effect.succeed(makeResponse({ request, status, headers, body: collector.read(abort), maxBodySize })))
          },
          onResponseData: (_, chunk) => collector.add(chunk),
          onResponseEnd: () => collector.end(),
          onResponseError: (_, error) => fail(error)
        }
      )
      return Effect.sync(abort)
    })
  )
