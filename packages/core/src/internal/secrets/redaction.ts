import { decodings, folded, removed, unescaped } from "./plainForm.js"

const mask = "<redacted>"

const maxLength = 200

/** More is not read: only so much of a text is shown, however it is escaped. */
const maxRead = 2000

/** Nothing that is said about a request with more text is shown: it would take too long to compare. */
const maxSent = 500_000

/** Shorter values say nothing of anybody, and masking them would tear every text apart. */
const minValueLength = 3

const keyPartLength = 8

const keyPatterns = [/\bsk_[A-Za-z]+_[A-Za-z0-9_-]+/gi, /\bBearer\s+[^\s"'<>,;]+/gi]

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it takes out
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g

/** On one line, and with one form for each letter, so that a ligature or a letter in a circle is its letters. */
const oneLine = (text: string) => text.normalize("NFKC").replace(controlCharacters, " ")

const ideographs = /^[\u3040-\u30ff\u3400-\u9fff]{2}/

/** The part of a folded text that begins there: so many characters, or two where two make a name. */
const partAt = (text: string, at: number, length: number): string =>
  text.slice(at, at + (ideographs.test(text.slice(at, at + 2)) ? 2 : length))

const partsOf = (text: string, length: number): ReadonlyArray<string> =>
  Array.from({ length: text.length }, (_, at) => partAt(text, at, length)).filter(
    (part) => part.length === length || ideographs.test(part)
  )

const wordsOf = (text: string) => text.matchAll(/[\p{L}\p{N}\p{M}\uE000]+/gu)

/** What must not be repeated, in the form in which texts are compared. */
interface Known {
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

const knownOf = (key: string, all: ReadonlyArray<string>, partLength: number): Known => {
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

const isKnownAt = (text: string, at: number, { keyParts, partLength, parts }: Known): number => {
  const part = partAt(text, at, partLength)
  if (keyParts.has(text.slice(at, at + keyPartLength))) return keyPartLength
  return parts.has(part) ? part.length : 0
}

const holdsKnown = (text: string, known: Known): boolean =>
  Array.from({ length: text.length }).some((_, at) => isKnownAt(text, at, known) > 0)

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
    groups.slice(1, 4).some((quoted) => typeof quoted === "string" && (quoted === "" || knownNames.has(quoted)))
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
    knownNames.has(key) ? textsOf(inner) : [key, ...textsOf(inner)]
  )
}

const knownNames = new Set([
  "expressCustomers",
  "hasMore",
  "cursor",
  "createdAt",
  "expressCustomerId",
  "expressCustomerName",
  "isActive",
  "updatedAt",
  "userCount",
  "userId",
  "createdByApiKeyId",
  "createdByUserId",
  "metadata",
  "success",
  "message",
  "error",
  "errors",
  "issues",
  "details",
  "code",
  "createOnceKey"
])

/** The outline of an answer for an error: names of the contract and HTML tags are kept, every other text and number is masked. @internal */
export const outline = (body: string): string => {
  const start = body.slice(0, 4 * maxLength).trim()
  return shorten(start.startsWith("<") ? outlineMarkup(start) : outlineJson(start))
}

const outlineMarkup = (text: string) =>
  text.replace(/<(\/?!?[A-Za-z][A-Za-z0-9]*)[^>]*>?|[^<]+|</g, (_, tag: string | undefined) =>
    tag === undefined ? "…" : `<${knownTags.has(tag.replace(/^\W+/, "").toLowerCase()) ? tag : "…"}>`
  )

const knownTags = new Set([
  "a",
  "address",
  "b",
  "body",
  "br",
  "center",
  "code",
  "div",
  "doctype",
  "em",
  "footer",
  "h1",
  "h2",
  "h3",
  "h4",
  "head",
  "header",
  "hr",
  "html",
  "i",
  "img",
  "li",
  "link",
  "main",
  "meta",
  "ol",
  "p",
  "pre",
  "script",
  "section",
  "span",
  "strong",
  "style",
  "table",
  "td",
  "title",
  "tr",
  "ul"
])

const outlineJson = (text: string) =>
  text
    .replace(
      /"((?:[^"\\]|\\.)*)("?)(\s*:)?|[^\s"{}[\],:]+/gs,
      (token, name: string | undefined, _end, colon: string | undefined) => {
        if (name === undefined) return /^(?:true|false|null)$/.test(token) ? token : "…"
        return colon !== undefined && knownNames.has(name) ? `"${name}":` : `"…"${colon === undefined ? "" : ":"}`
      }
    )
    .replace(/\s+/g, " ")

const shorten = (text: string) => (text.length > maxLength ? `${text.slice(0, maxLength)}…` : text)
