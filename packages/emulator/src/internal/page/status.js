import { find, shown } from "./dom.js"

const line = find("status", HTMLElement)

let hiding = 0

const millis = { good: 6000, bad: 20_000 }

/**
 * Announces a result on the screen and to a screen reader.
 *
 * @param {string} text
 * @param {"good" | "bad" | "lost"} kind A message of kind `lost` stays on the screen until the next message.
 */
export const say = (text, kind = "good") => {
  clearTimeout(hiding)
  line.className = `status ${kind === "good" ? "good" : "bad"}`
  line.replaceChildren(shown(text))
  if (kind !== "lost") hiding = setTimeout(() => line.replaceChildren(), millis[kind])
}
