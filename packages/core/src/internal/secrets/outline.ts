import { contractNames } from "./contractNames.js"
import { shorten } from "./line.js"

/** More is not read: only so much of an outline is shown. */
const maxOutlined = 800

const htmlTags: ReadonlySet<string> = new Set(
  (
    "a address b body br center code div doctype em footer h1 h2 h3 h4 head header hr html i img li link main " +
    "meta ol p pre script section span strong style table td title tr ul"
  ).split(" ")
)

/** The outline of an answer for an error: names of the contract and HTML tags are kept, every other text and number is masked. @internal */
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
