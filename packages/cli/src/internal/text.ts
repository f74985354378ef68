/** What a terminal would act on rather than show. */
const controls = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/** Text from elsewhere on one line, harmless to a terminal. */
export const oneLine = (text: string): string => text.replaceAll(/\s*[\r\n\t]+\s*/g, " ").replaceAll(controls, "\uFFFD")

/** Lines from elsewhere, harmless to a terminal. */
export const shown = (text: string): string =>
  text.replaceAll("\r\n", "\n").replaceAll(controls, (control) => (control === "\n" ? control : "\uFFFD"))

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

/** How many columns of a terminal the text takes. */
export const displayWidth = (text: string): number =>
  /^[\u0020-\u007e]*$/.test(text)
    ? text.length
    : Array.from(text).reduce((sum, character) => sum + widthOf(character), 0)

/** The text in at most that many columns, ending in `…` where it was cut. */
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
