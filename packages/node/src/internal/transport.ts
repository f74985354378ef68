import { Readable } from "node:stream"
import type * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import { constVoid } from "effect/Function"
import * as Stream from "effect/Stream"
import type { Dispatcher } from "undici"
import { acceptEncoding, BufferedResponse, type Bytes } from "./response.js"
import { makeTargets, type Target, targetOf } from "./target.js"

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

const join = (chunks: ReadonlyArray<Uint8Array>): Bytes => {
  const joined = new Uint8Array(chunks.reduce((size, { byteLength }) => size + byteLength, 0))
  let offset = 0
  for (const chunk of chunks) {
    joined.set(chunk, offset)
    offset += chunk.byteLength
  }
  return joined
}

/** A body whose reader may come at any time, or never. */
const makeBody = () => {
  let result: Effect.Effect<Bytes, unknown> | undefined
  let reader: ((result: Effect.Effect<Bytes, unknown>) => void) | undefined
  return {
    finish: (ended: Effect.Effect<Bytes, unknown>) => {
      result = ended
      reader?.(ended)
    },
    read: (abort: () => void): Effect.Effect<Bytes, unknown> =>
      Effect.suspend(
        () =>
          result ??
          Effect.async((resume) => {
            reader = resume
            return Effect.sync(abort)
          })
      )
  }
}

const interrupted = new Error("interrupted")

type Response = Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>

const isSuccess = (status: number) => status >= 200 && status <= 299

/** Knows whether a response has just ended: undici frees its connection only in the next turn of the event loop. */
const makeTurn = () => {
  let isEnding = false
  return {
    end: () => {
      if (isEnding) return
      isEnding = true
      setImmediate(() => {
        isEnding = false
      })
    },
    /** Runs when the connection of a response that has just ended is free; at once if there is none, or if it is urgent. */
    whenFree: (isUrgent: boolean, run: () => void) => {
      if (isEnding && !isUrgent) setImmediate(run)
      else run()
    }
  }
}

/** What all requests of a client go through. */
interface Connections {
  readonly dispatcher: Dispatcher
  readonly turn: ReturnType<typeof makeTurn>
  readonly maxBodySize: number
}

/**
 * Sends the request with no stream, promise or fiber between the socket and the caller. Calls `done` once, and returns a function that
 * aborts the request.
 *
 * A success is reported when its body is complete. A refusal is reported with its status, as its body may be slow.
 */
const dispatch = (
  { dispatcher, maxBodySize, turn }: Connections,
  request: HttpClientRequest.HttpClientRequest,
  { origin, path }: Target,
  isUrgent: boolean,
  done: (response: Response) => void
): (() => void) => {
  let controller: Dispatcher.DispatchController | undefined
  let isAborted = false
  let chunks: Array<Uint8Array> = []
  let finish: ((body: Effect.Effect<Bytes, unknown>) => void) | undefined
  const abort = () => {
    isAborted = true
    controller?.abort(interrupted)
  }
  const fail = (cause: unknown) => {
    if (finish !== undefined) return finish(Effect.fail(cause))
    const transportCause: TransportCause = { cause, requestSent: controller !== undefined }
    done(Effect.fail(new HttpClientError.RequestError({ request, reason: "Transport", cause: transportCause })))
  }
  const options: Dispatcher.DispatchOptions = {
    origin,
    path,
    method: request.method,
    headers: { "accept-encoding": acceptEncoding, ...request.headers },
    body: bodyOf(request.body),
    // The client has its own deadlines.
    headersTimeout: 0,
    bodyTimeout: 0
  }
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: (started) => {
      controller = started
      if (isAborted) started.abort(interrupted)
    },
    onResponseStart: (_, status, headers) => {
      if (status < 200) return
      const answer = (body: Effect.Effect<Bytes, unknown>) =>
        done(Effect.succeed(new BufferedResponse({ request, status, headers, body, maxBodySize })))
      if (isSuccess(status)) {
        finish = answer
        return
      }
      const body = makeBody()
      finish = body.finish
      answer(body.read(abort))
    },
    onResponseData: (_, chunk) => chunks.push(chunk),
    onResponseEnd: () => {
      turn.end()
      const body = join(chunks)
      // The parts are not needed while the body is read, and `abort` may outlive it by far.
      chunks = []
      controller = undefined
      finish?.(Exit.succeed(body))
    },
    onResponseError: (_, error) => fail(error)
  }
  turn.whenFree(isUrgent, () => {
    if (!isAborted) dispatcher.dispatch(options, handler)
  })
  return abort
}

const isTraced = (fiber: Fiber.RuntimeFiber<unknown, unknown>, request: HttpClientRequest.HttpClientRequest) =>
  fiber.getFiberRef(FiberRef.currentTracerEnabled) && !fiber.getFiberRef(HttpClient.currentTracerDisabledWhen)(request)

/**
 * By this name, the client of the API begins a request without a fiber. An urgent one opens a connection rather than wait for one to be
 * free: the next page of a list is requested while this one is decoded.
 */
const start = Symbol.for("@effect-avara/core/start")

/** An `HttpClient` straight on undici's dispatcher; a request that nobody traces needs no more than that. @internal */
export const makeHttpClient = (dispatcher: Dispatcher, maxBodySize: number): HttpClient.HttpClient => {
  const connections: Connections = { dispatcher, turn: makeTurn(), maxBodySize }
  const traced = HttpClient.make((request, url, signal) =>
    Effect.async((resume) => {
      const abort = dispatch(connections, request, targetOf(url), false, resume)
      signal.addEventListener("abort", abort, { once: true })
      return Effect.sync(abort)
    })
  )
  const findTarget = makeTargets()
  const begin = (request: HttpClientRequest.HttpClientRequest, done: (response: Response) => void, isUrgent = false) =>
    Either.match(findTarget(request), {
      onLeft: (cause) => {
        done(Effect.fail(new HttpClientError.RequestError({ request, reason: "InvalidUrl", cause })))
        return constVoid
      },
      onRight: (target) => dispatch(connections, request, target, isUrgent, done)
    })
  const send = (request: HttpClientRequest.HttpClientRequest): Response =>
    Effect.withFiberRuntime((fiber) =>
      isTraced(fiber, request) ? traced.execute(request) : Effect.async((resume) => Effect.sync(begin(request, resume)))
    )
  const client = HttpClient.makeWith<HttpClientError.HttpClientError, never, HttpClientError.HttpClientError, never>(
    (prepared) => Effect.flatMap(prepared, send),
    Effect.succeed
  )
  return Object.assign(client, { [start]: begin })
}
