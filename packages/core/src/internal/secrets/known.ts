import { oneLine } from "./line.js"
import { folded, unescaped } from "./plainForm.js"

/** Shorter values reveal nothing, and masking them would make texts unreadable. */
const minValueLength = 3

const keyPartLength = 8

const ideographs = /^[\u3040-\u30ff\u3400-\u9fff]{2}/

/** Returns the part of a folded text at an index: `length` characters, or two ideographs, which can be a name. */
const partAt = (text: string, at: number, length: number): string =>
  text.slice(at, at + (ideographs.test(text.slice(at, at + 2)) ? 2 : length))

const partsOf = (text: string, length: number): ReadonlyArray<string> =>
  Array.from({ length: text.length }, (_, at) => partAt(text, at, length)).filter(
    (part) => part.length === length || ideographs.test(part)
  )

/** @internal */
export const wordsOf = (text: string) => text.matchAll(/[\p{L}\p{N}\p{M}\uE000]+/gu)

/** The values that must not be repeated, in the form that texts are compared in. @internal */
export interface Known {
  readonly partLength: number
  readonly parts: ReadonlySet<string>
  readonly keyParts: ReadonlySet<string>
  /** Words of three characters, which are masked only as complete words. */
  readonly words: ReadonlySet<string>
  /** Values that are too short to have parts, and the key. */
  readonly values: ReadonlyArray<string>
}

const keyPartsOf = (key: string): ReadonlyArray<string> => {
  const text = folded(key)
  return [text, Array.from(text).reverse().join("")].flatMap((text) => partsOf(text, keyPartLength))
}

const shortWordsOf = (text: string): ReadonlyArray<string> =>
  Array.from(wordsOf(text), ([word]) => folded(word)).filter(({ length }) => length === minValueLength)

/** Checks for an id of the API, which reveals nothing and can share short parts with words by chance. */
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

/** Returns how many characters of a folded text are known from an index. @internal */
export const isKnownAt = (text: string, at: number, { keyParts, partLength, parts }: Known): number => {
  const part = partAt(text, at, partLength)
  if (keyParts.has(text.slice(at, at + keyPartLength))) return keyPartLength
  return parts.has(part) ? part.length : 0
}

/** @internal */
export const holdsKnown = (text: string, known: Known): boolean =>
  Array.from({ length: text.length }).some((_, at) => isKnownAt(text, at, known) > 0)
