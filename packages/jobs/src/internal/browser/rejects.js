import { call, pathOf } from "./api.js"
import { find, h, redraw } from "./dom.js"
import { makePager } from "./pager.js"
import { number, shown } from "./shown.js"

/** @import { RejectPage, ShownJob, ShownReject } from "../page/api.js" */

const title = find("#rejects-title", HTMLElement)
const form = find("#from-line", HTMLFormElement)
const table = find("#reject-rows", HTMLTableElement)
const body = find("tbody", HTMLTableSectionElement, table)
const empty = find("#no-rejects", HTMLElement)

/** @type {ReturnType<typeof makePager<number>>} */
const pager = makePager(find("#rejects-pager", HTMLElement))

/** @param {ShownReject} reject */
const row = ({ line, reasons }) =>
  h(
    "tr",
    {},
    h("th", { class: "number", scope: "row" }, number(line)),
    h("td", {}, ...reasons.map((reason) => h("p", {}, shown(reason))))
  )

/** @param {RejectPage} found */
const draw = ({ hasMore, rejects }) => {
  redraw(body, rejects, () => rejects.map(row))
  table.hidden = rejects.length === 0
  empty.hidden = rejects.length > 0
  empty.textContent = pager.after() === undefined ? "None." : "There are no rejected rows from this line on."
  pager.draw(hasMore ? rejects.at(-1)?.line : undefined)
}

let loaded = ""

let turn = 0

/** Clears the view for another job. */
export const clear = () => {
  loaded = ""
  turn += 1
  form.reset()
  pager.reset()
}

/**
 * Reads the visible rejected rows again if their number or the page has changed. Drops the response if a newer request has been sent.
 *
 * @param {ShownJob} job
 */
export const load = async ({ id, progress: { rejected }, run }) => {
  const after = pager.after()
  const state = JSON.stringify([id, rejected, run, after])
  if (state === loaded) return
  turn += 1
  const own = turn
  const query = after === undefined ? "" : `?after=${after}`
  const found = rejected === 0 ? { rejects: [], hasMore: false } : await call("GET", `${pathOf(id)}/rejects${query}`)
  if (own !== turn) return
  draw(found)
  title.textContent = `Rejected rows (${number(rejected)})`
  form.hidden = rejected === 0
  loaded = state
}

form.addEventListener("submit", (event) => {
  event.preventDefault()
  const line = Number(new FormData(form).get("line"))
  pager.restart(line > 1 ? line - 1 : undefined)
})
