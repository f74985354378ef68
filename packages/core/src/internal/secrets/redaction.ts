import { contractNames } from "./contractNames.js"
import { holdsKnown, isKnownAt, type Known, knownOf, wordsOf } from "./known.js"
import { oneLine, shorten } from "./line.js"
import { decodings, folded, removed, unescaped } from "./plainForm.js"

const mask = "<redacted>"

/** More is not read: only so much of a text is shown, however it is escaped. */
const maxRead = 2000

/** Nothing that is said about a request with more text is shown: it would take too long to compare. */
const maxSent = 500_000

const keyPatterns = [/\bsk_[A-Za-z]+_[A-Za-z0-9_-]+/gi, /\bBearer\s+[^\s"'<>,;]+/gi]

/** Base64 and hex of what is known; what they stand for is not looked at otherwise. */
const withoutEncoded = (text: string, known: Known): string =>
  text.replace(/([A-Za-z0-9+/_-]{6,})={0,2}/g, (encoded, run: string) =>
    decodings(run).some((decoded) => holdsKnown(folded(decoded), known)) ? removed : encoded
  )

/** Every word that has a share in a known part, also in one that goes over several words. */
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

/** What a server quotes is a value, unless it is a name of the contract. */
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

/** Takes what a request sent out of the server's texts. @internal */
export interface Redactor {
  /** The words of a message on one short line, without what they quote. */
  readonly words: (text: string) => string
  /** An id on one short line. It shares short parts with what was sent by chance. */
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

/** The redactor of a request that holds this key and these texts; they are read when it is first asked for. @internal */
export const makeRedactor = (key: string, sent: () => ReadonlyArray<string>): (() => Redactor) =>
  once(() => redactorOf(key, sent()))

/** Every text inside a JSON value, keys included: what must not come back in an error. @internal */
export const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (typeof value === "number") return [String(value)]
  if (Array.isArray(value)) return value.flatMap(textsOf)
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    contractNames.has(key) ? textsOf(inner) : [key, ...textsOf(inner)]
  )
}
