import { find } from "./dom.js"
import { shown } from "./shown.js"

const line = find("#status", HTMLElement)

const millis = { good: 6000, bad: 20_000 }

let hiding = 0

let lost = ""

/**
 * @param {string} text
 * @param {"good" | "bad"} kind
 */
const show = (text, kind) => {
  clearTimeout(hiding)
  line.className = `status ${kind}`
  line.replaceChildren(...(text === "" ? [] : [shown(text)]))
}

/**
 * Announces a result for a while, on the screen and to a screen reader.
 *
 * @param {string} text
 * @param {"good" | "bad"} kind
 */
export const say = (text, kind = "good") => {
  show(text, kind)
  hiding = setTimeout(() => show(lost, "bad"), millis[kind])
}

/**
 * Shows why the page is out of date, until it is up to date again.
 *
 * @param {string} text
 */
export const sayLost = (text) => {
  if (text === lost) return
  lost = text
  show(text, "bad")
}

export const sayFound = () => {
  if (lost === "") return
  lost = ""
  say("The page is up to date again.")
}
