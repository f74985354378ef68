import { call, messageOf } from "./api.js"
import { button, control, find, formDialog, h } from "./dom.js"
import { say } from "./status.js"

/** @import { CustomerEncoded } from "@effect-avara/core/Customer" */

/**
 * Fills a field with any text, and returns its reader. A text area changes line ends, so an unchanged field returns the original text.
 *
 * @param {HTMLTextAreaElement} area
 * @param {string} text
 */
const fill = (area, text) => {
  area.value = text
  const initial = area.value
  return () => (area.value === initial ? text : area.value)
}

const pairs = find("pairs", HTMLElement)

/** @type {Map<HTMLElement, () => readonly [string, string]>} */
let readers = new Map()

/**
 * @param {string} key
 * @param {string} value
 */
const addPair = (key = "", value = "") => {
  const name = h("textarea", { rows: "1", "aria-label": "Key", placeholder: "Key", spellcheck: "false" })
  const text = h("textarea", { rows: "1", "aria-label": "Value", placeholder: "Value", spellcheck: "false" })
  const readName = fill(name, key)
  const readText = fill(text, value)
  const remove = button("Remove", () => {
    readers.delete(pair)
    pair.remove()
    find("add-pair", HTMLButtonElement).focus()
  })
  const pair = h("div", { class: "pair" }, name, text, remove)
  readers.set(pair, () => [readName(), readText()])
  pairs.append(pair)
  return name
}

/** @type {CustomerEncoded | undefined} */
let edited

let readName = () => ""

/** @type {(customer: CustomerEncoded) => void} */
let onSaved = () => {}

/** Returns the pairs as an object, with any keys. */
const readPairs = () => Object.fromEntries([...readers.values()].map((read) => read()))

/** @returns {Promise<CustomerEncoded>} */
const save = () => {
  const metadata = readPairs()
  const isEmpty = Object.keys(metadata).length === 0
  if (edited === undefined) {
    return call("POST", "", { expressCustomerName: readName(), ...(isEmpty ? {} : { metadata }) })
  }
  const isSame = JSON.stringify(metadata) === JSON.stringify(edited.metadata ?? {})
  return call("PATCH", `/${encodeURIComponent(edited.expressCustomerId)}`, {
    ...(readName() === edited.expressCustomerName ? {} : { expressCustomerName: readName() }),
    ...(isSame ? {} : { metadata: isEmpty ? null : metadata })
  })
}

const { form, open } = formDialog("customer-dialog", async () => {
  try {
    const customer = await save()
    say(edited === undefined ? "The customer was created." : "The customer was updated.")
    onSaved(customer)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
})

find("add-pair", HTMLButtonElement).addEventListener("click", () => addPair().focus())

/**
 * Opens the form for a customer or for a new one.
 *
 * @param {CustomerEncoded | undefined} customer
 * @param {(customer: CustomerEncoded) => void} saved
 */
export const edit = (customer, saved) => {
  edited = customer
  onSaved = saved
  readers = new Map()
  pairs.replaceChildren()
  find("customer-dialog-title", HTMLElement).textContent = customer === undefined ? "New customer" : "Edit customer"
  readName = fill(control(form, "name", HTMLTextAreaElement), customer?.expressCustomerName ?? "")
  for (const [key, value] of Object.entries(customer?.metadata ?? {})) addPair(key, value)
  open()
}
