import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import type { AnyOperation } from "../request/operation.js"

const portOf = ({ port, protocol }: URL): number => (port === "" ? (protocol === "https:" ? 443 : 80) : Number(port))

/** What a span says from its start: a route and an opaque id, never a URL, a query or a header. */
const attributesOf = ({ method, path, subject }: AnyOperation, baseUrl: URL) => ({
  "http.request.method": method,
  "url.template": path.template.text,
  "server.address": baseUrl.hostname,
  "server.port": portOf(baseUrl),
  ...(subject?.resource === "customer" ? { "avara.customer.id": subject.id } : {})
})

/** @internal */
export const makeSpan = (operation: AnyOperation, baseUrl: URL): Effect.Effect<Tracer.Span> =>
  Effect.makeSpan(operation.name, {
    kind: "client",
    captureStackTrace: false,
    attributes: attributesOf(operation, baseUrl)
  })

/** What is known of a call once its last attempt has ended. @internal */
export interface Outcome {
  readonly attempts: number
  readonly status: Option.Option<number>
  readonly errorType?: string
}

/** @internal */
export const annotateSpan = (span: Tracer.Span, { attempts, errorType, status }: Outcome): void => {
  span.attribute("avara.attempts", attempts)
  if (attempts > 1) span.attribute("http.request.resend_count", attempts - 1)
  if (Option.isSome(status)) span.attribute("http.response.status_code", status.value)
  if (errorType !== undefined) span.attribute("error.type", errorType)
}

/** A tracer may keep its spans, and has no use for the answer. @internal */
export const endSpan = (span: Tracer.Span, nowNanos: bigint, exit: Exit.Exit<unknown, unknown>): void =>
  span.end(nowNanos, Exit.asVoid(exit))
