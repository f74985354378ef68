import { contractNames } from "./contractNames.js"
import { shorten } from "./line.js"

/** The number of characters to read: an outline shows no more. */
const maxOutlined = 800

const htmlTags: ReadonlySet<string> = new Set(
  (
    "a address b body br center code div doctype em footer h1 h2 h3 h4 head header hr html i img li link main " +
    "meta ol p pre script section span strong style table td title tr ul"
  ).split(" ")
)

/** Creates the outline of a body for an error. It keeps names of the contract and HTML tags, and masks every other text and number. @internal */
export const outline = (body: string): string => {
  const start = body.slice(0, maxOutlined).trim()
  return shorten(start.startsWith("<") ? outlineMarkup(start) : outlineJson(start))
}

const outlineMarkup = (text: string) =>
  text.replace(/<(\/?!?[A-Za-z][A-Za-z0-9]*)[^>]*>?|[^<]+|</g, (_, tag: string | undefined) =>
    tag === undefined ? "…" : `<${htmlTags.has(tag.replace(/^\W+/, "").toLowerCase()) ? tag : "…"}>`
  )

const outlineJson = (text: string) =>
  text
    .replace(
      /"((?:[^"\\]|\\.)*)("?)(\s*:)?|[^\s"{}[\],:]+/gs,
      (token, name: string | undefined, _end, colon: string | undefined) => {
        if (name === undefined) return /^(?:true|false|null)$/.test(token) ? token : "…"
        return colon !== undefined && contractNames.has(name) ? `"${name}":` : `"…"${colon === undefined ? "" : ":"}`
      }
    )
    .replace(/\s+/g, " ")
