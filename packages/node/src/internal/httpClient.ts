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
import type { Dispatch, DispatchRequest } from "./dispatch.js"

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

/** Statuses of responses that have no body. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304])

/** A response whose body comes as a whole, once `bytes` is there. */
const webResponse = ({ headers, status }: Head, bytes: Promise<Uint8Array>, abort: () => void): Response => {
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) =>
      bytes.then((bytes) => {
        if (bytes.byteLength > 0) controller.enqueue(bytes)
        controller.close()
      }),
    cancel: abort
  })
  return new Response(bodiless.has(status) ? null : body, { status, headers })
}

/** An `HttpClient` over undici, for users who want to change requests or look at responses. @internal */
export const makeHttpClient = (dispatch: Dispatch, maxBodySize: number): HttpClient.HttpClient =>
  HttpClient.make((request, url) =>
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
            onHead: (head) =>
              resume(
                Effect.try({
                  try: () => HttpClientResponse.fromWeb(request, webResponse(head, bytes, abort)),
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
      // Who has no response does not wait for its body.
      bytes.catch(constVoid)
      return Effect.sync(abort)
    })
  )
