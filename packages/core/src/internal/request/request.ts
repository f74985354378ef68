import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpTraceContext from "@effect/platform/HttpTraceContext"
import * as Either from "effect/Either"
import { identity, type LazyArg } from "effect/Function"
import type * as Tracer from "effect/Tracer"
import { Validation } from "../../AvaraError.js"
import type { Exchange } from "../answer/exchange.js"
import { depthOf, maxDepth } from "../decode/depth.js"
import { makeDriftReport } from "../decode/drift.js"
import { makeRedactor, textsOf } from "../secrets/redaction.js"
import type { Account } from "../settings/account.js"
import type { CallSettings } from "../settings/callOptions.js"
import { isNames } from "../settings/checks.js"
import type { Query } from "../settings/clientOptions.js"
import { memoize } from "../settings/memoize.js"
import type { ResolvedOptions } from "../settings/options.js"
import type { AnyOperation, Method, Operation, Refusal, Replay } from "./operation.js"
import { encodePart, expandPath } from "./path.js"

/** @internal */
export const notSent = (operation: AnyOperation, issues: Validation["issues"]) =>
  new Validation({ operation: operation.name, attempts: 0, source: "client", issues })

type Modify = (request: HttpClientRequest.HttpClientRequest) => HttpClientRequest.HttpClientRequest

const expectedBody = `expected a value that JSON can hold, of at most ${maxDepth} levels of objects and arrays`

/** Each level takes two characters at least. */
const isShallow = (json: string) => json.length <= 2 * maxDepth || depthOf(JSON.parse(json)) <= maxDepth

const bodySetter = (operation: AnyOperation): Either.Either<Modify, Validation> =>
  operation.body === undefined
    ? Either.right(identity)
    : Either.try((): string | undefined => JSON.stringify(operation.body)).pipe(
        Either.flatMap(Either.fromNullable(() => undefined)),
        Either.filterOrLeft(isShallow, () => undefined),
        Either.mapBoth({
          onLeft: () => notSent(operation, [{ path: ["body"], message: expectedBody }]),
          onRight: (json) => HttpClientRequest.setBody(HttpBody.text(json, "application/json"))
        })
      )

type QueryValue = Query[string]

const valuesOf = (value: QueryValue): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  return value ?? []
}

const searchOf = (query: Query): string => {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    valuesOf(value).map((text) => `${encodePart(name)}=${encodePart(text)}`)
  )
  return parts.length === 0 ? "" : `?${parts.join("&")}`
}

const urlOf = ({ path, query }: AnyOperation, settings: CallSettings): string =>
  `${settings.account.baseUrl}${expandPath(path)}${searchOf({ ...settings.query, ...query })}`

const traceHeaders = ({ tracePropagation }: ResolvedOptions, spanOf: LazyArg<Tracer.Span>) => {
  if (!tracePropagation) return {}
  const span = spanOf()
  return span.traceId === "noop" ? {} : HttpTraceContext.toHeaders(span)
}

/** Every text of the request that may be of somebody, and so in no error; how many customers a page may hold is not. */
const sentTexts = (operation: AnyOperation, { headerValues, query }: CallSettings): ReadonlyArray<string> => {
  const { limit: _, ...own } = operation.query ?? {}
  // What `toJSON` makes of a value is what is sent of it.
  const body = operation.body === undefined ? undefined : (JSON.parse(JSON.stringify(operation.body)) as unknown)
  return [...headerValues, ...[query, own].flatMap(Object.values).flatMap(valuesOf), ...textsOf(body)]
}

/** One key for all attempts of a call, so that a server that knows it does the work once. */
const idempotencyHeaders = ({ idempotencyHeader }: ResolvedOptions, { replay }: AnyOperation) =>
  replay === "unsafe" && idempotencyHeader !== undefined ? { [idempotencyHeader]: globalThis.crypto.randomUUID() } : {}

const withHeaders = (headers: Readonly<Record<string, string>>): Modify =>
  Object.keys(headers).length === 0 ? identity : HttpClientRequest.setHeaders(headers)

const makeBlank = (client: ResolvedOptions, method: Method, { account, withoutHeaders }: CallSettings) => {
  const extra = Object.entries(client.headers).filter(([name]) => !withoutHeaders.includes(name))
  return HttpClientRequest.make(method)("", {
    headers: {
      accept: "application/json",
      "user-agent": client.userAgent,
      ...Object.fromEntries(extra),
      authorization: `Bearer ${account.apiKey}`
    }
  })
}

/** Makes requests of a method without URL and body; a client's own account and headers need no new one for each call. */
const makeBlanks = (client: ResolvedOptions) => {
  const known = new WeakMap<Account, (method: Method) => HttpClientRequest.HttpClientRequest>()
  return (method: Method, settings: CallSettings) => {
    const { account, withoutHeaders } = settings
    if (withoutHeaders.length > 0) return makeBlank(client, method, settings)
    const blankOf = known.get(account) ?? memoize((method: Method) => makeBlank(client, method, settings))
    known.set(account, blankOf)
    return blankOf(method)
  }
}

const withExtraBody = <A>(operation: Operation<A, Refusal, Replay>, { body }: CallSettings) =>
  body === undefined
    ? operation
    : { ...operation, body: { ...(isNames(operation.body) ? operation.body : {}), ...body } }

/** Makes the request of an operation, ready to be sent any number of times. @internal */
export const makeExchanges = (client: ResolvedOptions) => {
  const blankOf = makeBlanks(client)
  const reportDrift = makeDriftReport()
  return <A>(
    called: Operation<A, Refusal, Replay>,
    settings: CallSettings,
    spanOf: LazyArg<Tracer.Span>
  ): Either.Either<Exchange<A>, Validation> => {
    const operation = withExtraBody(called, settings)
    return Either.map(bodySetter(operation), (withBody) => {
      const { account } = settings
      const headers = {
        ...settings.headers,
        ...traceHeaders(client, spanOf),
        ...idempotencyHeaders(client, operation)
      }
      return {
        operation,
        request: blankOf(operation.method, settings).pipe(
          HttpClientRequest.setUrl(urlOf(operation, settings)),
          withHeaders(headers),
          withBody
        ),
        origin: account.url.origin,
        ownHeaders: Object.keys(settings.headers),
        redactor: makeRedactor(account.apiKey, () => sentTexts(operation, settings)),
        maxBodySize: client.maxBodySize,
        reportDrift: settings.validation === "strict" ? undefined : (paths) => reportDrift(operation.name, paths)
      }
    })
  }
}
