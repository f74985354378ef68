import { emulator, messageOf } from "./api.js"
import { button, control, find, formDialog, h, replace, shown } from "./dom.js"
import { say } from "./status.js"

/** @import { Fault, SetFault } from "../../Fault.js" */

/** @typedef {{ readonly faults: ReadonlyArray<SetFault> }} Found */

const list = find("fault-list", HTMLElement)
const none = find("no-faults", HTMLElement)
const clear = find("clear-faults", HTMLButtonElement)
const add = find("add-fault", HTMLButtonElement)

let drawn = ""

/** @param {Fault} fault */
const effectOf = (fault) => {
  switch (fault.type) {
    case "status":
      return `Response ${fault.status}`
    case "delay":
      return `Delay of ${fault.millis.toLocaleString("en-US")} ms`
    case "reset":
      return fault.during === "body"
        ? "Connection reset in the middle of the body"
        : "Connection reset before the response"
    case "cutBody":
      return "Body cut off"
    case "html":
      return `HTML page, status ${fault.status ?? 200}`
    case "loseResponse":
      return "Request processed, response lost"
    case "rateLimit":
      return `429 above ${fault.perSecond} ${fault.perSecond === 1 ? "request" : "requests"} per second`
    case "repeatCursor":
      return "Cursor repeated"
    case "missingCursor":
      return "hasMore without a cursor"
    case "insertCustomer":
      return `Customer inserted at ${fault.index ?? 0}`
    case "deleteCustomer":
      return `Customer deleted at ${fault.index ?? 0}`
  }
}

/** @param {Fault} fault */
const scopeOf = ({ nth, operation, times, type }) => {
  const isOfList = ["repeatCursor", "missingCursor", "insertCustomer", "deleteCustomer"].includes(type)
  const where = operation ?? (isOfList ? "customers.list" : "every operation")
  if (nth === undefined && times === undefined) return `${where}, every request`
  const from = nth ?? 1
  const last = from + (times ?? 1) - 1
  return last === from ? `${where}, request ${from}` : `${where}, requests ${from} to ${last}`
}

/** @param {SetFault} fault */
const row = (fault) =>
  h(
    "li",
    { class: "bar" },
    h(
      "div",
      {},
      h("strong", {}, shown(effectOf(fault))),
      h("p", { class: "muted" }, shown(scopeOf(fault)), ` · affected ${fault.fired} so far`)
    ),
    button("Clear", () => void remove(fault.id), {
      "data-key": `clear ${fault.id}`,
      "aria-label": `Clear the fault: ${effectOf(fault)}`
    })
  )

/** @param {Found} found */
const draw = ({ faults }) => {
  const text = JSON.stringify(faults)
  if (text === drawn) return
  drawn = text
  replace(list, ...faults.map(row))
  none.hidden = faults.length > 0
  clear.hidden = faults.length === 0
}

/** Reads the faults that are set. */
export const load = async () => draw(await emulator("GET", "faults"))

/** @param {string} id */
const remove = async (id) => {
  try {
    draw(await emulator("DELETE", `faults/${encodeURIComponent(id)}`))
    say("The fault was cleared.")
  } catch (error) {
    say(messageOf(error), "bad")
  }
  add.focus()
}

clear.addEventListener("click", async () => {
  try {
    draw(await emulator("DELETE", "faults"))
    say("All faults were cleared.")
  } catch (error) {
    say(messageOf(error), "bad")
  }
  add.focus()
})

/** @param {string} text One header per line. */
const readHeaders = (text) =>
  Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => {
        const [name = "", ...rest] = line.split(":")
        return [name.trim(), rest.join(":").trim()]
      })
  )

/** @param {string} text An object or a list is JSON, everything else is text. */
const readBody = (text) => {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** @param {string} text Invalid numbers are sent unchanged, so that the emulator reports what it expects. */
const readNumber = (text) => (Number.isFinite(Number(text)) ? Number(text) : text)

const read = { headers: readHeaders, body: readBody, type: String, operation: String, during: String }

/** @param {string} name */
const readerOf = (name) => Object.entries(read).find(([field]) => field === name)?.[1] ?? readNumber

/** Sends the visible, filled fields as a fault. */
const { dialog, form, open } = formDialog("fault-dialog", async (form) => {
  const filled = [...new FormData(form)].flatMap(([name, value]) =>
    typeof value === "string" && value.trim() !== "" ? [[name, readerOf(name)(value)]] : []
  )
  try {
    await emulator("POST", "faults", Object.fromEntries(filled))
    await load()
    say("The fault was set.")
    return undefined
  } catch (error) {
    return messageOf(error)
  }
})

const type = control(form, "type", HTMLSelectElement)

/** Disables the fields of other kinds of faults, so that the form does not contain them. */
const showFields = () => {
  for (const label of form.querySelectorAll("[data-types]")) {
    if (!(label instanceof HTMLElement)) continue
    const isUsed = label.dataset["types"]?.split(" ").includes(type.value) ?? true
    label.hidden = !isUsed
    label.querySelector("input, select, textarea")?.toggleAttribute("disabled", !isUsed)
  }
}

type.addEventListener("change", showFields)

const times = control(form, "times", HTMLInputElement)

/** Shows the emulator's default. */
const showDefault = () => {
  times.placeholder = control(form, "nth", HTMLInputElement).value === "" ? "all" : "1"
}

control(form, "nth", HTMLInputElement).addEventListener("input", showDefault)

add.addEventListener("click", () => {
  form.reset()
  for (const input of dialog.querySelectorAll("input")) input.value = input.dataset["default"] ?? ""
  showFields()
  showDefault()
  open()
})
