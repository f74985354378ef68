import { emulator, messageOf } from "./api.js"
import { control, find, h, replace, shown } from "./dom.js"
import { say } from "./status.js"

/** @import { SearchResult } from "../store.js" */

const limit = 10

const form = find("search", HTMLFormElement)
const search = control(form, "search", HTMLInputElement)
const active = control(form, "active", HTMLSelectElement)
const rows = find("rows", HTMLTableElement)
const empty = find("empty", HTMLElement)
const range = find("range", HTMLElement)
const previous = find("previous", HTMLButtonElement)
const next = find("next", HTMLButtonElement)

let offset = 0
let drawn = ""
let asked = 0

/** @param {boolean} isActive */
export const badge = (isActive) =>
  h("span", { class: isActive ? "badge good" : "badge" }, isActive ? "Active" : "Inactive")

/** @param {string} id */
export const linkTo = (id) => `#customer=${encodeURIComponent(id)}`

/** @param {SearchResult["customers"][number]} customer */
const row = ({ expressCustomerId: id, expressCustomerName, isActive, userCount }) =>
  h(
    "tr",
    {},
    h(
      "td",
      { class: "main" },
      h("a", { href: linkTo(id), class: "name", "data-key": id }, shown(expressCustomerName)),
      h("code", { class: "muted id" }, shown(id))
    ),
    h("td", { class: "number" }, String(userCount)),
    h("td", {}, badge(isActive))
  )

/** @param {number} place */
const shownPlace = (place) => place.toLocaleString("en-US")

/** @param {SearchResult} found */
const draw = ({ customers, total }) => {
  const isAll = search.value === "" && active.value === ""
  const text = JSON.stringify([customers, total, offset, isAll])
  if (text === drawn) return
  drawn = text
  const [body] = rows.tBodies
  if (body !== undefined) replace(body, ...customers.map(row))
  rows.hidden = total === 0
  empty.hidden = total > 0
  empty.textContent = isAll ? "There are no customers yet." : "No customers match."
  range.textContent =
    total === 0 ? "" : `${shownPlace(offset + 1)} to ${shownPlace(offset + customers.length)} of ${shownPlace(total)}`
  // A disabled button would lose the focus.
  previous.setAttribute("aria-disabled", String(offset === 0))
  next.setAttribute("aria-disabled", String(offset + customers.length >= total))
}

/** Reads the visible customers again, and drops the response if a newer request has been sent. */
export const load = async () => {
  asked += 1
  const turn = asked
  const query = new URLSearchParams({ search: search.value, offset: String(offset), limit: String(limit) })
  if (active.value !== "") query.set("active", active.value)
  try {
    /** @type {SearchResult} */
    const found = await emulator("GET", `customers?${query}`)
    if (turn !== asked) return
    if (found.customers.length === 0 && offset > 0) {
      offset = 0
      await load()
    } else draw(found)
  } catch (error) {
    say(`The customers could not be read. ${messageOf(error)}`, "bad")
  }
}

/** @param {string} id */
export const focusOn = (id) => {
  const link = rows.querySelector(`[data-key="${CSS.escape(id)}"]`)
  if (link instanceof HTMLElement) link.focus()
  else search.focus()
}

/** @param {number} by */
const turn = (by) => {
  offset = Math.max(0, offset + by)
  void load()
}

const first = () => {
  offset = 0
  void load()
}

/** @param {Event} event */
const isDisabled = ({ currentTarget }) =>
  currentTarget instanceof HTMLElement && currentTarget.getAttribute("aria-disabled") === "true"

form.addEventListener("submit", (event) => {
  event.preventDefault()
  first()
})
search.addEventListener("input", first)
active.addEventListener("change", first)
previous.addEventListener("click", (event) => isDisabled(event) || turn(-limit))
next.addEventListener("click", (event) => isDisabled(event) || turn(limit))
