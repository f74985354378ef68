import { call, emulator, Failure, messageOf } from "./api.js"
import { badge, focusOn, load } from "./customers.js"
import { button, find, h, replace, shown } from "./dom.js"
import { edit } from "./forms.js"
import { say } from "./status.js"

/** @import { CustomerWithUsers } from "../rows.js" */

const list = find("list", HTMLElement)
const article = find("detail", HTMLElement)

let id = ""
let drawn = ""

/** @param {string} path */
const pathOf = (path) => `/${encodeURIComponent(id)}${path}`

/**
 * Runs an operation, announces its result, and shows the customer afterwards.
 *
 * @param {string} done
 * @param {() => Promise<unknown>} operation
 */
const run = async (done, operation) => {
  try {
    await operation()
    say(done)
  } catch (error) {
    say(messageOf(error), "bad")
  }
  await refresh()
}

/** @param {string | null | undefined} iso */
const time = (iso) => (iso ? h("time", { datetime: iso }, new Date(iso).toLocaleString()) : "unknown")

/**
 * @param {string} term
 * @param {Node | string} value
 */
const fact = (term, value) => h("div", {}, h("dt", {}, term), h("dd", {}, value))

/** @param {CustomerWithUsers} customer */
const facts = ({ createdAt, createdByApiKeyId, createdByUserId, expressCustomerId, updatedAt }) =>
  h(
    "dl",
    {},
    fact("Id", h("code", {}, shown(expressCustomerId))),
    fact("Created", time(createdAt)),
    fact("Updated", time(updatedAt)),
    ...(createdByApiKeyId ? [fact("Created by API key", h("code", {}, shown(createdByApiKeyId)))] : []),
    ...(createdByUserId ? [fact("Created by user", h("code", {}, shown(createdByUserId)))] : [])
  )

/** @param {CustomerWithUsers} customer */
const metadata = ({ metadata }) => {
  const pairs = Object.entries(metadata ?? {})
  return h(
    "section",
    { "aria-labelledby": "metadata-title" },
    h("h3", { id: "metadata-title" }, "Metadata"),
    pairs.length === 0
      ? h("p", { class: "muted" }, "None.")
      : h(
          "table",
          { class: "metadata" },
          h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Key"), h("th", { scope: "col" }, "Value"))),
          h(
            "tbody",
            {},
            ...pairs.map(([key, value]) =>
              h("tr", {}, h("th", { scope: "row" }, shown(key)), h("td", {}, shown(value)))
            )
          )
        )
  )
}

/** @param {string} userId */
const removeUser = (userId) => {
  article.querySelector("input")?.focus()
  void run("The user was removed.", () => call("DELETE", pathOf("/users"), { userId }))
}

/** @param {Event} event */
const addUser = (event) => {
  event.preventDefault()
  const input = article.querySelector("input")
  const userId = input?.value.trim() ?? ""
  void run("The user was added.", async () => {
    await call("POST", pathOf("/users"), { userId })
    if (input) input.value = ""
  })
}

/** @param {CustomerWithUsers} customer */
const users = ({ users }) =>
  h(
    "section",
    { "aria-labelledby": "users-title" },
    h("h3", { id: "users-title" }, `Users (${users.length})`),
    h(
      "ul",
      { class: "rows" },
      ...users.map((userId) =>
        h(
          "li",
          { class: "bar" },
          h("code", {}, shown(userId)),
          button("Remove", () => removeUser(userId), {
            "data-key": `remove ${userId}`,
            "aria-label": `Remove ${userId}`
          })
        )
      )
    ),
    h(
      "form",
      { class: "filters", submit: addUser },
      h(
        "label",
        { class: "grow" },
        "User id ",
        h("input", {
          name: "userId",
          autocomplete: "off",
          spellcheck: "false",
          placeholder: "usr_…",
          required: true,
          "data-key": "user"
        })
      ),
      h("button", { type: "submit", "data-key": "add" }, "Add user")
    )
  )

/** @param {CustomerWithUsers} customer */
const draw = (customer) => {
  const text = JSON.stringify(customer)
  if (text === drawn) return
  drawn = text
  const typed = article.querySelector("input")?.value ?? ""
  const toggle = customer.isActive
    ? button("Deactivate", () => void run("The customer was deactivated.", () => call("POST", pathOf("/deactivate"))), {
        "data-key": "toggle"
      })
    : button("Reactivate", () => void run("The customer was reactivated.", () => call("POST", pathOf("/reactivate"))), {
        "data-key": "toggle"
      })
  replace(
    article,
    h("p", {}, h("a", { href: "#", "data-key": "back" }, "← All customers")),
    h(
      "div",
      { class: "bar" },
      h("h2", { tabindex: "-1", "data-key": "heading", id: "detail-title" }, shown(customer.expressCustomerName)),
      badge(customer.isActive)
    ),
    h(
      "div",
      { class: "buttons" },
      button("Edit", () => edit(customer, () => void refresh())),
      toggle
    ),
    facts(customer),
    metadata(customer),
    users(customer)
  )
  const input = article.querySelector("input")
  if (input !== null) input.value = typed
}

/** Shows the current customer. */
export const refresh = async () => {
  if (id === "") return load()
  const wanted = id
  try {
    /** @type {CustomerWithUsers} */
    const customer = await emulator("GET", `customers/${encodeURIComponent(id)}`)
    if (wanted === id) draw(customer)
  } catch (error) {
    say(messageOf(error), "bad")
    if (error instanceof Failure && error.status === 404) location.hash = ""
  }
}

/** @param {string} part May be typed by hand, and so be malformed. */
const decode = (part) => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Opens the customer that the address names after `#`, so that the browser's back button leads to the list. */
const route = async () => {
  const wanted = /^#customer=(.+)$/.exec(location.hash)?.[1]
  if (wanted === undefined && !["", "#"].includes(location.hash)) return
  const closed = id
  id = wanted === undefined ? "" : decode(wanted)
  drawn = ""
  article.replaceChildren()
  list.hidden = id !== ""
  article.hidden = id === ""
  await refresh()
  if (id !== "") find("detail-title", HTMLElement).focus()
  else if (closed !== "") focusOn(closed)
}

addEventListener("hashchange", () => void route())

find("create", HTMLButtonElement).addEventListener("click", () =>
  edit(undefined, ({ expressCustomerId }) => {
    location.hash = `customer=${encodeURIComponent(expressCustomerId)}`
  })
)

void route()
