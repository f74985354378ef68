import { emulator, messageOf } from "./api.js"
import { find, h, shown } from "./dom.js"
import { say } from "./status.js"

/** @import { RecordedRequest } from "../../Emulator.js" */

const kept = 1000

const scroll = find("request-scroll", HTMLElement)
const rows = find("request-rows", HTMLElement)
const none = find("no-requests", HTMLElement)
const clear = find("clear-requests", HTMLButtonElement)

/**
 * The newest visible request.
 *
 * @type {RecordedRequest | undefined}
 */
let newest

/** @param {number | null} status */
const statusOf = (status) => {
  if (status === null) return h("span", { class: "badge bad" }, "Lost")
  return h("span", { class: `badge ${status < 400 ? "good" : "bad"}` }, String(status))
}

/** @param {string | undefined} body */
const bodyOf = (body) =>
  body === undefined || body === "" ? [] : [h("details", {}, h("summary", {}, "Body"), h("pre", {}, shown(body)))]

/**
 * Returns further facts about a request, on one line.
 *
 * @param {RecordedRequest} request
 */
const noteOf = ({ bodySize, fault, requestId }) => {
  const parts = [
    ...(fault === null ? [] : [h("span", { class: "fault" }, "fault: ", shown(fault))]),
    ...(bodySize ? [`${bodySize.toLocaleString("en-US")} ${bodySize === 1 ? "byte" : "bytes"} sent`] : []),
    ...(requestId === null ? [] : [h("code", {}, shown(requestId))])
  ]
  return h("p", { class: "muted" }, ...parts.flatMap((part, index) => (index === 0 ? [part] : [" · ", part])))
}

/** @param {string} iso */
const clock = (iso) => h("time", { datetime: iso }, new Date(iso).toLocaleTimeString([], { hour12: false }))

/** @param {RecordedRequest} request */
const row = (request) =>
  h(
    "tr",
    {},
    h("td", {}, statusOf(request.status)),
    h(
      "td",
      { class: "main" },
      h("strong", {}, request.operation ?? "no operation"),
      h("p", {}, h("code", {}, request.method, " ", shown(request.path))),
      noteOf(request),
      ...bodyOf(request.body)
    ),
    h(
      "td",
      { class: "number" },
      `${Math.round(request.durationMillis).toLocaleString("en-US")} ms`,
      h("p", { class: "muted" }, clock(request.time))
    )
  )

/** @param {ReadonlyArray<RecordedRequest>} added */
const draw = (added) => {
  rows.prepend(...[...added].reverse().map(row))
  while (rows.children.length > kept) rows.lastElementChild?.remove()
  const isEmpty = rows.children.length === 0
  none.hidden = !isEmpty
  scroll.hidden = isEmpty
  clear.hidden = isEmpty
}

/** Clears the list. */
const restart = () => {
  newest = undefined
  rows.replaceChildren()
  draw([])
}

/** @param {RecordedRequest | undefined} request */
const isNewest = (request) => request?.id === newest?.id && request?.time === newest?.time

/**
 * Reads the new requests, and returns whether one of them may have changed a customer. It reads the newest known request again: if that is
 * missing, the list was cleared, or another emulator replaced this one.
 *
 * @returns {Promise<boolean>}
 */
export const load = async () => {
  const isFirst = newest === undefined
  /** @type {{ readonly requests: ReadonlyArray<RecordedRequest> }} */
  const { requests } = await emulator("GET", `requests?after=${newest === undefined ? 0 : newest.id - 1}`)
  if (!isFirst && !isNewest(requests[0])) {
    restart()
    await load()
    return true
  }
  const added = isFirst ? requests : requests.slice(1)
  newest = requests.at(-1)
  if (added.length > 0) draw(added)
  return added.some(({ fault, method }) => method !== "GET" || fault !== null)
}

clear.addEventListener("click", async () => {
  try {
    await emulator("DELETE", "requests")
    restart()
    say("The list of requests was cleared.")
  } catch (error) {
    say(messageOf(error), "bad")
  }
})
