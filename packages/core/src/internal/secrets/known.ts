import { oneLine } from "./line.js"
import { folded, unescaped } from "./plainForm.js"

/** Shorter values say nothing of anybody, and masking them would tear every text apart. */
const minValueLength = 3

const keyPartLength = 8

const ideographs = /^[\u3040-\u30ff\u3400-\u9fff]{2}/

/** The part of a folded text that begins there: so many characters, or two where two make a name. */
const partAt = (text: string, at: number, length: number): string =>
  text.slice(at, at + (ideographs.test(text.slice(at, at + 2)) ? 2 : length))

const partsOf = (text: string, length: number): ReadonlyArray<string> =>
  Array.from({ length: text.length }, (_, at) => partAt(text, at, length)).filter(
    (part) => part.length === length || ideographs.test(part)
  )

/** @internal */
export const wordsOf = (text: string) => text.matchAll(/[\p{L}\p{N}\p{M}\uE000]+/gu)

/** What must not be repeated, in the form in which texts are compared. @internal */
export interface Known {
  readonly partLength: number
  readonly parts: ReadonlySet<string>
  readonly keyParts: ReadonlySet<string>
  /** Words of three characters, which are masked where they stand alone. */
  readonly words: ReadonlySet<string>
  /** Values that have no parts. */
  readonly values: ReadonlyArray<string>
}

const keyPartsOf = (key: string): ReadonlyArray<string> => {
  const text = folded(key)
  return [text, Array.from(text).reverse().join("")].flatMap((text) => partsOf(text, keyPartLength))
}

const shortWordsOf = (text: string): ReadonlyArray<string> =>
  Array.from(wordsOf(text), ([word]) => folded(word)).filter(({ length }) => length === minValueLength)

/** An id of the API, which says nothing of anybody, and shares short parts with words by chance. */
const isId = (text: string): boolean => /^(?:cus|usr)_[A-Za-z0-9_-]{8,}$/.test(text)

/** @internal */
export const knownOf = (key: string, all: ReadonlyArray<string>, partLength: number): Known => {
  const sent = all.filter((text) => !isId(text))
  const texts = Array.from(new Set(sent.flatMap((text) => [text, unescaped(text) ?? text]))).map(oneLine)
  const withoutParts = texts.filter((text) => folded(text).length < partLength)
  return {
    partLength,
    parts: new Set(texts.flatMap((text) => partsOf(folded(text), partLength))),
    keyParts: new Set([...keyPartsOf(key), ...all.filter(isId).flatMap((id) => partsOf(folded(id), keyPartLength))]),
    words: new Set(texts.flatMap(shortWordsOf)),
    values: [key, ...withoutParts.map((text) => text.trim())]
      .filter(({ length }) => length >= minValueLength)
      .sort((a, b) => b.length - a.length)
  }
}

/** How much of a folded text is known from there on. @internal */
export const isKnownAt = (text: string, at: number, { keyParts, partLength, parts }: Known): number => {
  const part = partAt(text, at, partLength)
  if (keyParts.has(text.slice(at, at + keyPartLength))) return keyPartLength
  return parts.has(part) ? part.length : 0
}

/** @internal */
export const holdsKnown = (text: string, known: Known): boolean =>
  Array.from({ length: text.length }).some((_, at) => isKnownAt(text, at, known) > 0)
