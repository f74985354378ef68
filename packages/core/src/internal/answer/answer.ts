import type * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import type { LazyArg } from "effect/Function"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { InvalidResponse } from "../../AvaraError.js"
import * as Issue from "../../Issue.js"
import type { OnDrift } from "../decode/decoder.js"
import type { Operation, Refusal, Replay } from "../request/operation.js"
import { outline, type Redactor } from "../secrets/redaction.js"

/** What keeps a response from being a value. @internal */
export interface Unreadable {
  readonly reason: InvalidResponse["reason"]
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

const noBytes = new Uint8Array()

const maxIssues = 20

/** What takes the texts of a request out of errors. */
interface Sent {
  readonly redactor: LazyArg<Redactor>
}

const unreadable = (
  reason: Unreadable["reason"],
  body: Uint8Array,
  { redactor }: Sent,
  issues: ReadonlyArray<Issue.Issue>
): Unreadable => ({
  reason,
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

const openers = "{["

const closers = "}]"

/** What JSON has outside its strings beside brackets. */
const tokens = " \t\r\n:,.+-0123456789Etruefalsn"

/** Whether the text is the beginning of JSON whose strings and brackets are not closed yet. */
const isCutShort = (text: string): boolean => {
  let depth = 0
  let isInString = false
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    if (isInString) {
      if (character === "\\") index++
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (openers.includes(character)) depth++
    else if (closers.includes(character)) depth--
    else if (!tokens.includes(character)) return false
  }
  return isInString || depth > 0
}

/** The text up to a character that is not complete, or none if the bytes before it are not UTF-8. */
const textBeforeCut = (body: Uint8Array): string | undefined => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body, { stream: true })
  } catch {
    return undefined
  }
}

const cutShort = "the body ends before the JSON does"

const textOf = (body: Uint8Array): Either.Either<string, string> => {
  try {
    return Either.right(strictDecoder.decode(body))
  } catch {
    const text = textBeforeCut(body)
    return Either.left(text !== undefined && isCutShort(text) ? cutShort : "expected UTF-8 text")
  }
}

const jsonOf = (text: string): Either.Either<unknown, string> => {
  try {
    return Either.right(JSON.parse(text))
  } catch {
    return Either.left(isCutShort(text) ? cutShort : "expected JSON")
  }
}

const parse = (body: Uint8Array): Either.Either<unknown, string> =>
  body.byteLength === 0 ? Either.left("expected JSON, not an empty body") : Either.flatMap(textOf(body), jsonOf)

/** The JSON of a body, `undefined` if it is none. @internal */
export const jsonIn = (body: Uint8Array): unknown => Either.getOrUndefined(parse(body))

const knownCodings: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br"])

/** As many as `fetch` unpacks. */
const maxCodings = 5

/** Whether transports leave a body as it is because they cannot unpack it. */
const isPacked = (contentEncoding = ""): boolean => {
  const codings = contentEncoding
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity")
  return codings.length > maxCodings || codings.some((coding) => !knownCodings.has(coding))
}

const expectedCodings = `expected a body compressed with gzip, deflate or br, at most ${maxCodings} times, or not at all`

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

/** The value of a response's body for a schema to decode, or why there is none. A schema that allows `undefined` reads an empty body. @internal */
export const parseBody = (
  body: Uint8Array,
  { headers }: HttpClientResponse.HttpClientResponse,
  request: Sent & { readonly operation: Operation<unknown, Refusal, Replay> }
): Either.Either<unknown, Unreadable> =>
  Either.mapLeft(valueOf(body, request.operation, headers["content-type"]), (message) =>
    isPacked(headers["content-encoding"])
      ? unreadable("encoding", noBytes, request, [{ path: [], message: expectedCodings }])
      : unreadable("notJson", body, request, [{ path: [], message }])
  )

/** The value of a response, whose JSON should be what the operation returns. @internal */
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
    Either.mapLeft((issues) => unreadable("shape", body, request, issues))
  )
}
