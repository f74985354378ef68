import { find, shown } from "./dom.js"

const line = find("status", HTMLElement)

let hiding = 0

/**
 * Says what happened, on the screen and to a screen reader.
 *
 * @param {string} text
 * @param {"good" | "bad"} kind
 */
export const say = (text, kind = "good") => {
  clearTimeout(hiding)
  line.className = `status ${kind}`
  line.replaceChildren(shown(text))
  hiding = setTimeout(() => line.replaceChildren(), kind === "good" ? 6000 : 20_000)
}
