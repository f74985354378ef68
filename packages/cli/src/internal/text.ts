const joining = String.raw`[\u200c\u200d\ufe0e\ufe0f]`

const isIgnorable = String.raw`(?!${joining})\p{Default_Ignorable_Code_Point}`

/** The characters that a terminal acts on or does not show, except those that join or color emoji and join letters. */
const risky = String.raw`[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufff9-\ufffb]|${isIgnorable}`

const everyRisky = new RegExp(risky, "gu")

/** More marks on one character than any script needs, which would cover the lines above and below. */
const floods = new RegExp(String.raw`((?:\p{M}|${joining}){8})(?:\p{M}|${joining})+`, "gu")

const isPrintable = (text: string): boolean => /^[\u0020-\u007e]*$/.test(text)

/** Returns the text on one line, harmless to a terminal. */
const clean = (text: string): string =>
  isPrintable(text)
    ? text
    : text
        .replaceAll(/[\r\n\t]+/g, " ")
        .replaceAll(everyRisky, "\uFFFD")
        .replaceAll(floods, "$1")

/** Returns external text on one line, harmless to a terminal, without wide gaps that could imitate columns. */
export const oneLine = (text: string): string => clean(text).replaceAll(/\s{2,}/g, " ")

const content: unique symbol = Symbol("@effect-avara/cli/SafeText")

/** Text that is safe on a terminal: all its line ends and escape sequences come from this program. */
export interface SafeText {
  readonly [content]: string
}

const make = (text: string): SafeText => ({ [content]: text })

const partOf = (value: string | number | SafeText): string =>
  typeof value === "object" ? value[content] : clean(String(value))

/** Returns the template unchanged, with every value in it on one line and harmless. */
export const safe = (strings: TemplateStringsArray, ...values: ReadonlyArray<string | number | SafeText>): SafeText => {
  const [first = "", ...others] = strings
  return make(others.reduce((text, part, index) => text + partOf(values[index] ?? "") + part, first))
}

/** Joins texts without a separator. */
export const concat = (texts: ReadonlyArray<SafeText>): SafeText => make(texts.map((text) => text[content]).join(""))

const escapeUnits = (text: string): string =>
  Array.from({ length: text.length }, (_, index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`).join(
    ""
  )

/** Returns the value as a line of JSON, with escapes for characters that a terminal would act on. */
export const jsonLine = (value: unknown): SafeText => {
  const json = JSON.stringify(value)
  return make(`${isPrintable(json) ? json : json.replaceAll(everyRisky, escapeUnits)}\n`)
}

/** Returns text of this program unchanged. */
export const own = (text: string): SafeText => make(text)

/** Returns the text as a string. */
export const render = (text: SafeText): string => text[content]

/** Returns external text of several lines, each harmless to a terminal. */
export const safeLines = (text: string): SafeText => make(text.split(/\r?\n/).map(clean).join("\n"))

const isWide = (code: number): boolean =>
  (code >= 0x1100 && code <= 0x115f) ||
  (code >= 0x2e80 && code <= 0xa4cf) ||
  (code >= 0xac00 && code <= 0xd7a3) ||
  (code >= 0xf900 && code <= 0xfaff) ||
  (code >= 0xfe30 && code <= 0xfe6f) ||
  (code >= 0xff00 && code <= 0xff60) ||
  (code >= 0xffe0 && code <= 0xffe6) ||
  (code >= 0x1f300 && code <= 0x1faff) ||
  (code >= 0x20000 && code <= 0x3fffd)

const widthOf = (character: string): number =>
  /^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character) ? 0 : isWide(character.codePointAt(0) ?? 0) ? 2 : 1

/** Returns the number of terminal columns that the text takes. */
export const displayWidth = (text: string): number =>
  isPrintable(text) ? text.length : Array.from(text).reduce((sum, character) => sum + widthOf(character), 0)

/** Truncates the text to `width` columns, with `…` at the end if anything was cut. */
export const truncate = (text: string, width: number): string => {
  if (displayWidth(text) <= width) return text
  let kept = ""
  let used = 1
  for (const character of text) {
    used += widthOf(character)
    if (used > width) break
    kept += character
  }
  return `${kept}…`
}

export const padEnd = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - displayWidth(text)))

export const integer = (value: number): string => Math.round(value).toLocaleString("en-US")

/** Formats a count with its noun: `1 row`, `2 rows`. */
export const counted = (count: number, noun: string): string => `${integer(count)} ${noun}${count === 1 ? "" : "s"}`
