import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import type { Fault } from "../Fault.js"
import * as Cursor from "./cursor.js"
import { isCombinable } from "./faults.js"
import type { StoreService } from "./store.js"
import type { Break, Transport } from "./transport.js"

type Request = HttpServerRequest.HttpServerRequest

type Response = HttpServerResponse.HttpServerResponse

type App<R> = HttpApp.Default<never, R>

const withoutBody: ReadonlyArray<number> = [204, 205, 304]

const statusResponse = ({ body, headers, status }: Extract<Fault, { readonly type: "status" }>): Response => {
  if (body === undefined || withoutBody.includes(status)) return HttpServerResponse.empty({ status, headers })
  if (typeof body === "string") return HttpServerResponse.text(body, { status, headers })
  return HttpServerResponse.unsafeJson(body, { status, headers })
}

const html =
  "<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>Down for maintenance</h1></body></html>"

const htmlResponse = (status = 200): Response =>
  withoutBody.includes(status)
    ? HttpServerResponse.empty({ status })
    : HttpServerResponse.html(html).pipe(HttpServerResponse.setStatus(status))

const tooMany = { error: { code: "rate_limited", message: "Too many requests: wait for the time in Retry-After." } }

const bytesOf = ({ body }: Response): Uint8Array => (body._tag === "Uint8Array" ? body.body : new Uint8Array())

/** Sends only the first half of the body, although the headers promise all of it. */
const half = (response: Response, rest: Effect.Effect<never, Error>): Response => {
  const bytes = bytesOf(response)
  const sent = Stream.make(bytes.subarray(0, bytes.byteLength / 2))
  return HttpServerResponse.stream(Stream.concat(sent, Stream.fromEffect(rest)), {
    status: response.status,
    headers: response.headers,
    contentLength: bytes.byteLength
  })
}

const changed = (response: Response, change: (page: Readonly<Record<string, unknown>>) => object): Response => {
  if (response.status !== 200) return response
  const page: unknown = JSON.parse(new TextDecoder().decode(bytesOf(response)))
  return Predicate.isReadonlyRecord(page) ? HttpServerResponse.unsafeJson(change(page)) : response
}

const requestedCursor = ({ url }: Request): string =>
  new URL(url, "http://emulator").searchParams.get("cursor") ?? Cursor.encode(0)

const defaultCustomer = { expressCustomerName: "Inserted Medical Center" }

const change = (store: StoreService, fault: Fault): Effect.Effect<void> => {
  switch (fault.type) {
    case "delay":
      return Effect.sleep(fault.millis)
    case "insertCustomer":
      return store.insert(fault.index ?? 0, fault.customer ?? defaultCustomer)
    case "deleteCustomer":
      return store.remove(fault.index ?? 0)
    default:
      return Effect.void
  }
}

const brokenOff = <R>(app: App<R>, request: Request, transport: Transport, how: Break): App<R> =>
  Effect.map(app, (response) => half(response, transport.breakOff(request, how)))

const respond = <R>(app: App<R>, request: Request, transport: Transport, fault: Fault | undefined): App<R> => {
  switch (fault?.type) {
    case "status":
      return Effect.sync(() => statusResponse(fault))
    case "html":
      return Effect.sync(() => htmlResponse(fault.status))
    case "rateLimit":
      return Effect.sync(() =>
        HttpServerResponse.unsafeJson(tooMany, {
          status: 429,
          headers: { "retry-after": String(fault.retryAfter ?? 1) }
        })
      )
    case "reset":
      return fault.during === "body" ? brokenOff(app, request, transport, "reset") : transport.lose(request)
    case "cutBody":
      return brokenOff(app, request, transport, "close")
    case "loseResponse":
      return Effect.zipRight(app, transport.lose(request))
    case "repeatCursor":
      return Effect.map(app, (response) =>
        changed(response, (page) => ({ ...page, hasMore: true, cursor: requestedCursor(request) }))
      )
    case "missingCursor":
      return Effect.map(app, (response) => changed(response, ({ cursor: _, ...page }) => ({ ...page, hasMore: true })))
    default:
      return app
  }
}

/** Returns the fault that determines the response. */
const deciding = (met: ReadonlyArray<Fault>): Fault | undefined => met.find((fault) => !isCombinable(fault))

/** Returns the type of fault for a recorded request. */
export const shownFault = (met: ReadonlyArray<Fault>): Fault["type"] | null =>
  (deciding(met) ?? met.at(-1))?.type ?? null

/** Checks whether the faults lose the complete response. */
export const isLost = (met: ReadonlyArray<Fault>): boolean => {
  const fault = deciding(met)
  return fault?.type === "loseResponse" || (fault?.type === "reset" && fault.during !== "body")
}

/** Applies the faults of a request to the app. */
export const faulty = <R>(
  app: App<R>,
  { store, transport }: { readonly store: StoreService; readonly transport: Transport },
  met: ReadonlyArray<Fault>
): HttpApp.Default<never, R | Request> =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    for (const fault of met) yield* Effect.interruptible(change(store, fault))
    return yield* respond(app, request, transport, deciding(met))
  })
