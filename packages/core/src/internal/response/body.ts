import * as Either from "effect/Either"
import type { Operation, Refusal, Replay } from "../request/operation.js"
import { maxCodings } from "../transport/transport.js"
import { isCutShort } from "./cutShort.js"

/** Decodes a body as text and replaces invalid UTF-8. Only for text to show, never for values. @internal */
export const looseText = (body: Uint8Array): string => new TextDecoder().decode(body)

const strictDecoder = new TextDecoder("utf-8", { fatal: true })

/** Returns the text before an incomplete last character, or `undefined` if the bytes before it are not UTF-8. */
const textBeforeCut = (body: Uint8Array): string | undefined => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body, { stream: true })
  } catch {
    return undefined
  }
}

const cutShort = "the body ends before its JSON is complete"

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

/** Returns the JSON of a body, or `undefined` if it is not JSON. @internal */
export const jsonIn = (body: Uint8Array): unknown => Either.getOrUndefined(parse(body))

/** @internal */
export const expectedCodings = `expected a body compressed with gzip, deflate or br, at most ${maxCodings} times, or not at all`

const isJson = (contentType = ""): boolean => /^[^;]*[/+]json\s*(?:;|$)/i.test(contentType)

/** Returns the value to decode: the text if the schema decodes text and the content type is not JSON, otherwise the parsed JSON. @internal */
export const valueOf = (
  body: Uint8Array,
  { decode, readsText }: Operation<unknown, Refusal, Replay>,
  contentType: string | undefined
): Either.Either<unknown, string> => {
  if (readsText === true && !isJson(contentType)) return textOf(body)
  return body.byteLength === 0 && Either.isRight(decode(undefined)) ? Either.right(undefined) : parse(body)
}
