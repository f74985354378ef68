import { Readable } from "node:stream"
import type * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import type { Head, TransportError } from "@effect-avara/core/internal/transport"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { constVoid } from "effect/Function"
import * as Stream from "effect/Stream"
import type { Dispatch, DispatchRequest, Fields } from "./dispatch.js"

const bodyOf = (body: HttpBody.HttpBody): DispatchRequest["body"] => {
  switch (body._tag) {
    case "Empty":
      return null
    case "Uint8Array":
      return body.body
    case "Raw":
      return body.body as DispatchRequest["body"]
    case "FormData":
      return body.formData as unknown as DispatchRequest["body"]
    case "Stream":
      return Readable.from(Stream.toAsyncIterable(body.stream))
  }
}

/** Creates a response whose body arrives in one piece and can be read again, so that middleware can read it before the client does. */
const webResponse = (
  { headers, status }: Head,
  fields: Fields,
  bytes: Promise<Uint8Array>,
  abort: () => void
): Response => {
  const bodyStream = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) =>
        bytes.then((bytes) => {
          if (bytes.byteLength > 0) controller.enqueue(bytes)
          controller.close()
        }),
      cancel: abort
    })
  const unread = () => new Response(bodyStream(), { headers })
  const response = new Response(null, { headers })
  Object.assign(response.headers, { getSetCookie: () => [fields["set-cookie"] ?? []].flat() })
  // The constructor of `Response` rejects statuses above 599, and rejects a body for some other statuses.
  return Object.defineProperties(response, {
    status: { value: status },
    body: { get: bodyStream },
    text: { value: () => unread().text() },
    arrayBuffer: { value: () => unread().arrayBuffer() },
    formData: { value: () => unread().formData() }
  })
}

/** Creates an `HttpClient` over undici, for users who want to change requests or look at responses. @internal */
export const makeHttpClient = (dispatch: Dispatch, maxBodySize: number): HttpClient.HttpClient =>
  HttpClient.make((request, url, signal) =>
    Effect.async((resume) => {
      const { headers, method } = request
      const failed = (cause: unknown) => new HttpClientError.RequestError({ request, reason: "Transport", cause })
      let abort = constVoid
      const bytes = new Promise<Uint8Array>((resolve, reject) => {
        abort = dispatch(
          {
            method,
            origin: url.origin,
            path: url.pathname + url.search,
            headers,
            body: bodyOf(request.body),
            maxSizeOf: () => maxBodySize
          },
          {
            onHead: (head, fields) =>
              resume(
                Effect.try({
                  try: () => HttpClientResponse.fromWeb(request, webResponse(head, fields, bytes, abort)),
                  catch: failed
                })
              ),
            onEnd: Exit.match({
              onFailure: (cause) => {
                const { cause: reason } = Cause.squash(cause) as TransportError
                resume(Effect.fail(failed(reason)))
                reject(reason)
              },
              onSuccess: ({ body }) => resolve(body)
            })
          }
        )
      })
      // Without a response, nothing else handles this rejection.
      bytes.catch(constVoid)
      // A reader that stops reading the body aborts through the signal.
      signal.addEventListener("abort", abort, { once: true })
      return Effect.sync(abort)
    })
  )
