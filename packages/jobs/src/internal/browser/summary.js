import { h } from "./dom.js"
import { counted, number } from "./shown.js"

/** @import { ShownJob } from "../page/api.js" */

/** @type {Readonly<Record<ShownJob["state"], "" | "good" | "bad" | "busy">>} */
const tones = {
  preparing: "",
  queued: "",
  running: "busy",
  cancelling: "busy",
  cancelled: "",
  done: "good",
  failed: "bad"
}

/** @type {Readonly<Record<ShownJob["kind"], string>>} */
const kinds = { import: "Import", bulk: "Bulk operation", mirror: "Mirror" }

/** @param {string} text */
const capitalized = (text) => text.charAt(0).toUpperCase() + text.slice(1)

/** The filters of the list: the values of a field with their names. */
export const choices = {
  state: Object.keys(tones).map((state) => [state, capitalized(state)]),
  kind: Object.entries(kinds)
}

/** @param {ShownJob} job */
export const badge = ({ state, waitingFor }) =>
  h("span", { class: `badge ${tones[state]}` }, capitalized(state), waitingFor === undefined ? "" : ", waiting")

/** @param {ShownJob} job */
export const kindOf = ({ kind, operation }) => (operation === undefined ? kinds[kind] : `${kinds[kind]}: ${operation}`)

/** @param {ShownJob} job */
const textOf = ({ progress: { done, rejected, total } }) => {
  const amount = total === undefined ? counted(done, "row") : `${number(done + rejected)} of ${counted(total, "row")}`
  return rejected === 0 ? amount : `${amount}, ${number(rejected)} rejected`
}

/**
 * Shows the progress of a job as a bar and as text. A mirror has no bar until its end, because its number of rows is unknown until then.
 *
 * @param {ShownJob} job
 */
export const progress = (job) => {
  const { done, rejected, total } = job.progress
  const bar =
    total === undefined
      ? []
      : [h("progress", { max: Math.max(1, total), value: total === 0 ? 1 : done + rejected, "aria-label": "Progress" })]
  return h("div", { class: "progress" }, ...bar, h("span", {}, textOf(job)))
}
