import * as HttpTraceContext from "@effect/platform/HttpTraceContext"
import * as Either from "effect/Either"
import type { LazyArg } from "effect/Function"
import type * as Tracer from "effect/Tracer"
import type { Validation } from "../../AvaraError.js"
import { depthOf, maxDepth } from "../decode/depth.js"
import { makeRedactor, type Redactor, textsOf } from "../secrets/redaction.js"
import type { CallSettings } from "../settings/callOptions.js"
import { isNames } from "../settings/checks.js"
import type { Query } from "../settings/clientOptions.js"
import type { ResolvedOptions } from "../settings/options.js"
import type { TransportRequest } from "../transport/transport.js"
import { notSent } from "./issues.js"
import type { AnyOperation, Operation, Refusal, Replay } from "./operation.js"
import { encodePart, expandPath } from "./path.js"

/** An operation with its request, which can be sent several times. @internal */
export interface Prepared<A> {
  readonly operation: Operation<A, Refusal, Replay>
  readonly request: TransportRequest
  /** Whether the request can be sent again after it may have been processed. */
  readonly isReplayable: boolean
  /** Removes the request's values from the server's texts. */
  readonly redactor: LazyArg<Redactor>
}

const expectedBody = `expected a value that JSON can hold, of at most ${maxDepth} levels of objects and arrays`

/** Parses only long JSON, because each level takes at least two characters. */
const isShallow = (json: string) => json.length <= 2 * maxDepth || depthOf(JSON.parse(json)) <= maxDepth

const jsonOf = ({ body, name }: AnyOperation): Either.Either<string | undefined, Validation> =>
  body === undefined
    ? Either.right(undefined)
    : Either.try((): string | undefined => JSON.stringify(body)).pipe(
        Either.filterOrLeft(
          (json) => json !== undefined && isShallow(json),
          () => undefined
        ),
        Either.mapLeft(() => notSent(name, [{ path: ["body"], message: expectedBody }]))
      )

const valuesOf = (value: Query[string]): ReadonlyArray<string> => (typeof value === "string" ? [value] : (value ?? []))

const searchOf = (query: Query): string => {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    valuesOf(value).map((text) => `${encodePart(name)}=${encodePart(text)}`)
  )
  return parts.length === 0 ? "" : `?${parts.join("&")}`
}

const pathOf = ({ path, query }: AnyOperation, { account, query: extra }: CallSettings): string => {
  const text = `${account.basePath}${expandPath(path)}${searchOf({ ...extra, ...query })}`
  if (path.template.isPlain) return text
  const { pathname, search } = new URL(account.origin + text)
  return pathname + search
}

const traceHeaders = ({ tracePropagation }: ResolvedOptions, span: LazyArg<Tracer.Span>) =>
  tracePropagation && span().traceId !== "noop" ? HttpTraceContext.toHeaders(span()) : undefined

/** Creates one key for all attempts of a call, so that a server that supports the header does the work once. */
const idempotencyHeaders = ({ idempotencyHeader }: ResolvedOptions, { replay }: AnyOperation) =>
  replay === "unsafe" && idempotencyHeader !== undefined
    ? { [idempotencyHeader]: globalThis.crypto.randomUUID() }
    : undefined

/** Returns every text of the request that may be personal and must not appear in an error. The page limit is not personal. */
const sentTexts = (operation: AnyOperation, { headerValues, query }: CallSettings): ReadonlyArray<string> => {
  const { limit: _, ...own } = operation.query ?? {}
  // The request contains the result of `toJSON`, not the value itself.
  const body = operation.body === undefined ? undefined : (JSON.parse(JSON.stringify(operation.body)) as unknown)
  return [...headerValues, ...[query, own].flatMap(Object.values).flatMap(valuesOf), ...textsOf(body)]
}

const withExtraBody = <A>(operation: Operation<A, Refusal, Replay>, { body }: CallSettings) =>
  body === undefined
    ? operation
    : { ...operation, body: { ...(isNames(operation.body) ? operation.body : {}), ...body } }

/** Creates the request of an operation. @internal */
export const prepare = <A>(
  client: ResolvedOptions,
  called: Operation<A, Refusal, Replay>,
  settings: CallSettings,
  span: LazyArg<Tracer.Span>
): Either.Either<Prepared<A>, Validation> => {
  const operation = withExtraBody(called, settings)
  return Either.map(jsonOf(operation), (body) => ({
    operation,
    request: {
      method: operation.method,
      origin: settings.account.origin,
      path: pathOf(operation, settings),
      headers: {
        ...settings.headers,
        ...traceHeaders(client, span),
        ...idempotencyHeaders(client, operation),
        ...(body === undefined ? undefined : { "content-type": "application/json" })
      },
      secretHeaders: settings.ownHeaders,
      body,
      maxBodySize: client.maxBodySize
    },
    isReplayable: operation.replay === "safe" || client.idempotencyHeader !== undefined,
    redactor: makeRedactor(settings.account.apiKey, () => sentTexts(operation, settings))
  }))
}
