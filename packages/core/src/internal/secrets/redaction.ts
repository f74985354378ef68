import { contractNames } from "./contractNames.js"
import { holdsKnown, isKnownAt, type Known, knownOf, wordsOf } from "./known.js"
import { oneLine, shorten } from "./line.js"
import { decodings, folded, removed, unescaped } from "./plainForm.js"

const mask = "<redacted>"

/** The number of characters to read: errors show less, even of escaped text. */
const maxRead = 2000

/** The largest request to compare with. For a larger one, nothing that the server says is shown. */
const maxSent = 500_000

const keyPatterns = [/\bsk_[A-Za-z]+_[A-Za-z0-9_-]+/gi, /\bBearer\s+[^\s"'<>,;]+/gi]

/** Removes base64 and hex that decodes to known values. */
const withoutEncoded = (text: string, known: Known): string =>
  text.replace(/([A-Za-z0-9+/_-]{6,})={0,2}/g, (encoded, run: string) =>
    decodings(run).some((decoded) => holdsKnown(folded(decoded), known)) ? removed : encoded
  )

/** Removes every word that overlaps a known part, including parts that span several words. */
const withoutKnownWords = (text: string, known: Known): string => {
  const words = Array.from(wordsOf(text), (match) => ({ start: match.index, word: match[0], text: folded(match[0]) }))
  const owners = words.flatMap(({ text }, index) => Array.from({ length: text.length }, () => index))
  const joined = words.map(({ text }) => text).join("")
  const marked = new Set(owners.flatMap((_, at) => owners.slice(at, at + isKnownAt(joined, at, known))))
  return words.reduceRight(
    (rest, { start, text, word }, index) =>
      marked.has(index) || known.words.has(text) || word.includes(removed)
        ? rest.slice(0, start) + removed + rest.slice(start + word.length)
        : rest,
    text
  )
}

const quotations = /(["`])(.*?)(?:\1|$)|[“„«‘](.*?)(?:[”“»’]|$)|(?<![\p{L}\p{N}])'(.*?)(?:'(?![\p{L}\p{N}])|$)/gu

/** Removes quoted text, which is a value unless it is a name of the contract. */
const withoutQuotations = (text: string): string =>
  text.replace(quotations, (quotation: string, ...groups: ReadonlyArray<unknown>) =>
    groups.slice(1, 4).some((quoted) => typeof quoted === "string" && (quoted === "" || contractNames.has(quoted)))
      ? quotation
      : `${quotation.slice(0, 1)}${removed}${quotation.slice(0, 1)}`
  )

const withMasks = (text: string): string => text.replace(/\uE000(?:[^\p{L}\p{N}]*\uE000)*/gu, mask)

const shown = (text: string, known: Known, edit: (text: string) => string): string => {
  const plain = unescaped(oneLine(text.slice(0, maxRead).replaceAll(removed, " ")))
  if (plain === undefined) return mask
  const withoutKeys = keyPatterns.reduce((rest, pattern) => rest.replace(pattern, removed), oneLine(plain))
  const withoutValues = known.values.reduce((rest, value) => rest.replaceAll(value, removed), withoutKeys)
  const withoutEchoes = withoutKnownWords(withoutEncoded(edit(withoutValues), known), known)
  return shorten(withMasks(withoutEchoes).trim())
}

/** Removes values that a request sent from the server's texts. @internal */
export interface Redactor {
  /** Returns a message as one short line, without quoted text. */
  readonly words: (text: string) => string
  /** Returns an id as one short line. It ignores short matches, which happen by chance. */
  readonly id: (text: string) => string
}

const maskAll: Redactor = { words: () => mask, id: () => mask }

const once = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const redactorOf = (key: string, sent: ReadonlyArray<string>): Redactor => {
  if (sent.reduce((sum, { length }) => sum + length, 0) > maxSent) return maskAll
  const forWords = once(() => knownOf(key, sent, 4))
  const forIds = once(() => ({ ...knownOf(key, sent, 8), words: new Set<string>() }))
  return {
    words: (text) => shown(text, forWords(), withoutQuotations),
    id: (text) => shown(text, forIds(), (text) => text)
  }
}

/** Creates the redactor of a request with this key and these texts, which it reads on its first use. @internal */
export const makeRedactor = (key: string, sent: () => ReadonlyArray<string>): (() => Redactor) =>
  once(() => redactorOf(key, sent()))

/** Returns every text inside a JSON value, including keys, that must not appear in an error. @internal */
export const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (typeof value === "number") return [String(value)]
  if (Array.isArray(value)) return value.flatMap(textsOf)
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    contractNames.has(key) ? textsOf(inner) : [key, ...textsOf(inner)]
  )
}
