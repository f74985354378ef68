import { call } from "./api.js"
import { find, h, redraw } from "./dom.js"
import { makePager } from "./pager.js"
import { rate, shown, time } from "./shown.js"
import { badge, choices, kindOf, progress } from "./summary.js"

/** @import { JobPage, ShownJob } from "../page/api.js" */

const table = find("#job-rows", HTMLTableElement)
const body = find("tbody", HTMLTableSectionElement, table)
const empty = find("#no-jobs", HTMLElement)
const filters = find("#filters", HTMLFormElement)

/** @type {ReturnType<typeof makePager<string>>} */
const pager = makePager(find("#jobs-pager", HTMLElement))

/** @param {string} id */
const linkTo = (id) => `#job=${encodeURIComponent(id)}`

/** @param {ShownJob} job */
const row = (job) =>
  h(
    "tr",
    {},
    h(
      "td",
      { class: "main" },
      h("a", { class: "name", href: linkTo(job.id), "data-key": job.id }, shown(job.subject)),
      h("span", { class: "muted" }, kindOf(job))
    ),
    h("td", {}, badge(job)),
    h("td", {}, progress(job)),
    h("td", { class: "number" }, rate(job.rate)),
    h("td", { class: "number" }, time(job.submittedAt))
  )

/** Returns the filters that are set. */
const wanted = () => {
  /** @type {Array<[string, string]>} */
  const pairs = []
  for (const [name, value] of new FormData(filters))
    if (typeof value === "string" && value !== "") pairs.push([name, value])
  return pairs
}

/** @param {JobPage} found */
const draw = ({ hasMore, jobs }) => {
  redraw(body, jobs, () => jobs.map(row))
  table.hidden = jobs.length === 0
  empty.hidden = jobs.length > 0
  empty.textContent = wanted().length === 0 ? "There are no jobs yet." : "No jobs match."
  pager.draw(hasMore ? jobs.at(-1)?.id : undefined)
}

let turn = 0

/** Reads the visible jobs again. Drops the response if a newer request has been sent. */
export const load = async () => {
  turn += 1
  const own = turn
  const query = new URLSearchParams(wanted())
  const after = pager.after()
  if (after !== undefined) query.set("after", after)
  /** @type {JobPage} */
  const found = await call("GET", `jobs?${query}`)
  if (own !== turn) return
  if (found.jobs.length === 0 && after !== undefined) pager.restart()
  else draw(found)
}

/** @param {string} id */
export const focusOn = (id) => {
  const link = body.querySelector(`[data-key="${CSS.escape(id)}"]`)
  if (link instanceof HTMLElement) link.focus()
}

for (const [name, values] of Object.entries(choices))
  find(`select[name="${name}"]`, HTMLSelectElement, filters).append(
    ...values.map(([value = "", text = ""]) => h("option", { value }, text))
  )

filters.addEventListener("change", () => pager.restart())
filters.addEventListener("submit", (event) => event.preventDefault())
