import { h } from "./dom.js"

/** Characters that are invisible or move other text, except those that join letters and emoji. */
const invisible =
  /([\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\ufff9-\ufffb]|(?!\u200c|\u200d|\ufe0e|\ufe0f)\p{Default_Ignorable_Code_Point})/u

/** @param {string} character */
const codeOf = (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`

/**
 * Shows external text: its direction does not affect other text, and its invisible characters are named.
 *
 * @param {string} text
 */
export const shown = (text) =>
  h(
    "bdi",
    {},
    ...text
      .split(invisible)
      .map((part, index) => (index % 2 === 0 ? part : h("span", { class: "code-point" }, codeOf(part))))
  )

/** @param {number} value */
export const number = (value) => value.toLocaleString("en-US")

/**
 * @param {number} count
 * @param {string} noun
 */
export const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`

/** @param {string} iso */
export const time = (iso) => h("time", { datetime: iso }, new Date(iso).toLocaleString())

/** @param {number | undefined} perSecond */
export const rate = (perSecond) =>
  perSecond === undefined
    ? "–"
    : `${perSecond.toLocaleString("en-US", { maximumFractionDigits: perSecond < 10 ? 1 : 0 })}/s`

/** @type {ReadonlyArray<readonly [number, string]>} */
const units = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"]
]

/**
 * Formats a duration in its two largest units, such as "2 min 5 s".
 *
 * @param {number} millis
 */
export const duration = (millis) => {
  let seconds = Math.max(0, Math.round(millis / 1000))
  const parts = []
  for (const [size, unit] of units) {
    const count = Math.floor(seconds / size)
    seconds -= count * size
    parts.push(count === 0 ? "" : `${count} ${unit}`)
  }
  const first = parts.findIndex((part) => part !== "")
  return first === -1
    ? "0 s"
    : parts
        .slice(first, first + 2)
        .filter((part) => part !== "")
        .join(" ")
}
