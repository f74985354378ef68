import type * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import type { LazyArg } from "effect/Function"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Issue from "../Issue.js"
import type { OnDrift } from "./decoder.js"
import type { Operation, Refusal, Replay } from "./operation.js"
import { outline, type Redactor } from "./redaction.js"

/** What keeps an answer from being a value. @internal */
export interface Unreadable {
  readonly issues: ReadonlyArray<Issue.Issue>
  readonly snippet: string
}

/** @internal */
export class BodyTooLarge extends Data.TaggedError("BodyTooLarge")<{ readonly limit: number }> {}

const join = (chunks: ReadonlyArray<Uint8Array>, size: number): Uint8Array => {
  const joined = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    joined.set(chunk, offset)
    offset += chunk.byteLength
  }
  return joined
}

/** Whether the transport itself holds the body to a length that is allowed; what is compressed may unpack to any length. */
const isWithin = ({ headers }: HttpClientResponse.HttpClientResponse, limit: number): boolean =>
  /^\d+$/.test(headers["content-length"] ?? "") &&
  Number(headers["content-length"]) <= limit &&
  headers["content-encoding"] === undefined

const readChunks = (
  response: HttpClientResponse.HttpClientResponse,
  limit: number
): Effect.Effect<Uint8Array, HttpClientError.ResponseError | BodyTooLarge> =>
  Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    const take = (chunk: Uint8Array) => {
      chunks.push(chunk)
      size += chunk.byteLength
      return size > limit ? Effect.fail(new BodyTooLarge({ limit })) : Effect.void
    }
    return Stream.runForEach(response.stream, take).pipe(
      // A stream reports its failure in a log of its own, with the request's URL.
      Effect.withUnhandledErrorLogLevel(Option.none()),
      Effect.map(() => join(chunks, size))
    )
  })

/** A transport may have read all of a body before it answered. @internal */
export const isThere = <A, E>(body: Effect.Effect<A, E>): body is Exit.Success<A, E> =>
  Exit.isExit(body) && Exit.isSuccess(body)

const orEmpty = <E extends HttpClientError.ResponseError | BodyTooLarge>(body: Effect.Effect<Uint8Array, E>) =>
  Effect.catchAll(body, (error) =>
    error._tag === "ResponseError" && error.reason === "EmptyBody"
      ? Effect.succeed(new Uint8Array())
      : Effect.fail(error)
  )

/** Reads the body to its end, or only until it is over the limit. @internal */
export const readBody = (
  response: HttpClientResponse.HttpClientResponse,
  limit: number
): Effect.Effect<Uint8Array, HttpClientError.ResponseError | BodyTooLarge> => {
  const whole = response.arrayBuffer
  if (!isThere(whole)) {
    return orEmpty(
      isWithin(response, limit) ? Effect.map(whole, (buffer) => new Uint8Array(buffer)) : readChunks(response, limit)
    )
  }
  return whole.value.byteLength > limit
    ? Effect.fail(new BodyTooLarge({ limit }))
    : Exit.succeed(new Uint8Array(whole.value))
}

/** The body as text, with a replacement for what is not UTF-8: for words, never for values. @internal */
export const looseText = (body: Uint8Array): string => new TextDecoder().decode(body)

const strictDecoder = new TextDecoder("utf-8", { fatal: true })

const maxIssues = 20

/** What takes the texts of a request out of errors. */
interface Sent {
  readonly redactor: LazyArg<Redactor>
}

const unreadable = (body: Uint8Array, { redactor }: Sent, issues: ReadonlyArray<Issue.Issue>): Unreadable => ({
  issues: issues.slice(0, maxIssues).map(({ message, path }) => ({
    path: path.map((segment, index) => {
      if (typeof segment === "number") return segment
      // Keys of metadata are values of the answer.
      return path[index - 1] === "metadata" ? "…" : redactor().words(segment)
    }),
    message
  })),
  snippet: outline(looseText(body))
})

const parse = (body: Uint8Array): Either.Either<unknown, string> => {
  if (body.byteLength === 0) return Either.left("expected JSON, not an empty body")
  let text: string
  try {
    text = strictDecoder.decode(body)
  } catch {
    return Either.left("expected UTF-8 text")
  }
  try {
    return Either.right(JSON.parse(text))
  } catch {
    return Either.left("expected JSON")
  }
}

const textOf = (body: Uint8Array): Either.Either<string, string> =>
  Either.try({ try: () => strictDecoder.decode(body), catch: () => "expected UTF-8 text" })

const isJson = (contentType = ""): boolean => /^[^;]*[/+]json\s*(?:;|$)/i.test(contentType)

/** The value of a body for a schema to decode: text where the schema reads text and the body is not said to be JSON. */
const valueOf = (
  body: Uint8Array,
  { decode, readsText }: Operation<unknown, Refusal, Replay>,
  contentType: string | undefined
): Either.Either<unknown, string> => {
  if (readsText === true && !isJson(contentType)) return textOf(body)
  return body.byteLength === 0 && Either.isRight(decode(undefined)) ? Either.right(undefined) : parse(body)
}

/** The JSON of a body, or why there is none. A schema that allows `undefined` reads an empty body. @internal */
export const parseBody = (
  body: Uint8Array,
  request: Sent & { readonly operation: Operation<unknown, Refusal, Replay> },
  contentType: string | undefined
): Either.Either<unknown, Unreadable> =>
  Either.mapLeft(valueOf(body, request.operation, contentType), (message) =>
    unreadable(body, request, [{ path: [], message }])
  )

/** The value of an answer that should be JSON of what the operation answers with. @internal */
export const decodeJson = <A>(
  { check, decode }: Operation<A, Refusal, Replay>,
  json: unknown,
  body: Uint8Array,
  request: Sent,
  onDrift: OnDrift | undefined
): Either.Either<A, Unreadable> => {
  const checked = (value: A): Either.Either<A, ReadonlyArray<Issue.Issue>> => {
    const issues = check?.(value) ?? []
    return issues.length === 0 ? Either.right(value) : Either.left(issues)
  }
  return Either.mapLeft(decode(json, onDrift), Issue.fromParseError).pipe(
    Either.flatMap(checked),
    Either.mapLeft((issues) => unreadable(body, request, issues))
  )
}
