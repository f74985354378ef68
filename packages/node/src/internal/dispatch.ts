import {
  bodyTooLarge,
  type Head,
  joinChunks,
  type Listener,
  TransportError
} from "@effect-avara/core/internal/transport"
import * as Exit from "effect/Exit"
import type { Dispatcher } from "undici"
import { acceptEncoding, unpack } from "./unpack.js"

/** A request for undici. @internal */
export interface DispatchRequest {
  readonly method: string
  readonly origin: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: NonNullable<Dispatcher.DispatchOptions["body"]> | null
  readonly maxSizeOf: (head: Head) => number
}

/** The headers of a response in undici's form, each with all of its values. @internal */
export type Fields = Readonly<Record<string, string | Array<string> | undefined>>

/** @internal */
export interface DispatchListener extends Pick<Listener, "onEnd"> {
  readonly onHead: (head: Head, fields: Fields) => void
}

/** @internal */
export type Dispatch = (request: DispatchRequest, listener: DispatchListener) => () => void

/** The cause of a failed request, and whether undici had started to write it to a socket. */
interface DispatchCause {
  readonly cause: unknown
  readonly requestSent: boolean
}

const headersOf = (fields: Fields): Head["headers"] => {
  const headers: Record<string, string> = {}
  for (const name in fields) {
    const value = fields[name]
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ")
  }
  return headers
}

const interrupted = new Error("interrupted")

/** Tracks whether a response has just ended: undici frees its connection only in the next turn of the event loop. */
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
    /** Runs the callback when the connection of a response that has just ended is free, or immediately if there is none. */
    whenFree: (run: () => void) => {
      if (isEnding) setImmediate(run)
      else run()
    }
  }
}

/** Creates undici's handler that collects a response for its listener. */
const makeHandler = (
  { maxSizeOf }: DispatchRequest,
  { onEnd, onHead }: DispatchListener,
  onBodyEnd: () => void
): Dispatcher.DispatchHandler & { readonly abort: () => void; readonly isAborted: () => boolean } => {
  let controller: Dispatcher.DispatchController | undefined
  let aborted = false
  let head: Head | undefined
  let chunks: Array<Uint8Array> = []
  let size = 0
  const fail = (cause: unknown) => onEnd(Exit.fail(new TransportError({ cause })))
  return {
    abort: () => {
      aborted = true
      controller?.abort(interrupted)
    },
    isAborted: () => aborted,
    onRequestStart: (started) => {
      controller = started
      if (aborted) started.abort(interrupted)
    },
    onResponseStart: (_, status, headers) => {
      if (status < 200) return
      head = { status, headers: headersOf(headers) }
      onHead(head, headers)
    },
    onResponseData: (_, chunk) => {
      chunks.push(chunk)
      size += chunk.byteLength
      if (head !== undefined && size > maxSizeOf(head)) controller?.abort(Object.assign(new Error(), bodyTooLarge))
    },
    onResponseEnd: () => {
      onBodyEnd()
      if (head === undefined) return
      const received = head
      const body = joinChunks(chunks, size)
      // `abort` may be kept long after the response.
      chunks = []
      controller = undefined
      unpack(body, received.headers["content-encoding"], maxSizeOf(received), (error, unpacked) =>
        error === null ? onEnd(Exit.succeed({ head: received, body: unpacked })) : fail(error)
      )
    },
    onResponseError: (_, cause) => {
      const dispatchCause: DispatchCause = { cause, requestSent: controller !== undefined }
      fail(dispatchCause)
    }
  }
}

/**
 * Sends requests over undici without a stream, promise or fiber between the socket and the listener. Returns a function that aborts the request.
 *
 * @internal
 */
export const makeDispatch = (dispatcher: Dispatcher): Dispatch => {
  const turn = makeTurn()
  return (request, listener) => {
    const handler = makeHandler(request, listener, turn.end)
    const options: Dispatcher.DispatchOptions = {
      origin: request.origin,
      path: request.path,
      method: request.method as Dispatcher.HttpMethod,
      headers: { "accept-encoding": acceptEncoding, ...request.headers },
      body: request.body,
      // The client has its own timeouts.
      headersTimeout: 0,
      bodyTimeout: 0
    }
    turn.whenFree(() => {
      if (!handler.isAborted()) dispatcher.dispatch(options, handler)
    })
    return handler.abort
  }
}
