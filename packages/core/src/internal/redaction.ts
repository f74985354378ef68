import { encodePart } from "./path.js"

const mask = "<redacted>"

const maxLength = 200

/** Shorter values say nothing of anybody, and masking them would tear every text apart. */
const minSecretLength = 3

const keyPatterns = [/\bsk_[A-Za-z]+_[A-Za-z0-9_-]+/g, /\bBearer\s+[^\s"'<>,;]+/gi]

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it takes out
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g

/** Text of the server on one short line, without anything that the request sent. @internal */
export const redact = (text: string, sent: Iterable<string>): string => {
  const secrets = Array.from(
    new Set(Array.from(sent).flatMap((secret) => [secret, secret.trim(), oneLine(secret).trim()]))
  )
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .flatMap((secret) => [secret, encodePart(secret), new URLSearchParams({ "": secret }).toString().slice(1)])
    .map(oneLine)
    .filter((secret) => secret.length >= minSecretLength)
    .sort((a, b) => b.length - a.length)
  const withoutSent = secrets.reduce((rest, secret) => rest.replaceAll(secret, mask), oneLine(text))
  const withoutKeys = keyPatterns.reduce((rest, pattern) => rest.replace(pattern, mask), withoutSent)
  return shorten(withoutKeys.trim())
}

const oneLine = (text: string) => text.replace(controlCharacters, " ")

/** Every text inside a JSON value, keys included: what must not come back in an error. @internal */
export const textsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
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
  "createdByApiKeyId",
  "createdByUserId",
  "metadata",
  "success",
  "message",
  "error",
  "errors",
  "issues",
  "details",
  "code"
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
