import { call, Failure, messageOf } from "./api.js"
import { find } from "./dom.js"
import * as Job from "./job.js"
import * as Jobs from "./jobs.js"
import { say, sayFound, sayLost } from "./status.js"

const everyMillis = 1000

const views = {
  signIn: find("#sign-in", HTMLElement),
  list: find("#list", HTMLElement),
  job: find("#job", HTMLElement)
}

/** The id of the open job; empty while the list is shown. */
let open = ""

/** @param {keyof typeof views} name */
const show = (name) => {
  for (const [key, view] of Object.entries(views)) view.hidden = key !== name
}

/** @param {unknown} error */
const onFailure = (error) => {
  const status = error instanceof Failure ? error.status : 0
  if (status === 401) {
    sayLost("")
    show("signIn")
  } else if (status === 404 && open !== "") {
    say(messageOf(error), "bad")
    location.hash = "jobs"
  } else sayLost(`${messageOf(error)} The page may be out of date; it retries automatically.`)
}

const refresh = async () => {
  try {
    show(open === "" ? "list" : "job")
    await (open === "" ? Jobs.load() : Job.load(open))
    sayFound()
  } catch (error) {
    onFailure(error)
  }
}

/** Polls a slow database less often. */
const maxShare = 0.25

/** Refreshes repeatedly, but not while the page is hidden or before sign-in. */
const watch = async () => {
  const began = performance.now()
  if (!document.hidden && views.signIn.hidden) await refresh()
  setTimeout(() => void watch(), Math.max(everyMillis, (performance.now() - began) / maxShare))
}

/** @param {string} token */
const signIn = async (token) => {
  try {
    if (!/^[!-~]+$/.test(token)) throw new Failure(401, "The token is missing or wrong.")
    await call("POST", "session", { authorization: `Bearer ${token}` })
    views.signIn.hidden = true
    await refresh()
  } catch (error) {
    show("signIn")
    say(messageOf(error), "bad")
  }
}

/** @param {string} name The name before `=` after the `#`, which a person may have typed. */
const inHash = (name) => {
  const text = new RegExp(`^#${name}=(.+)$`).exec(location.hash)?.[1]
  if (text === undefined) return undefined
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The address after `#` names the open job, so that the browser's back button leads to the list. */
const route = async () => {
  const token = inHash("token")
  if (token !== undefined) {
    history.replaceState(null, "", location.pathname)
    return signIn(token)
  }
  const closed = open
  open = inHash("job") ?? ""
  Job.clear()
  await refresh()
  if (open !== "") Job.focus()
  else if (closed !== "") Jobs.focusOn(closed)
}

addEventListener("hashchange", () => void route())
addEventListener("refresh", () => void refresh())
addEventListener("resize", () => void refresh())
document.addEventListener("visibilitychange", () => void (document.hidden || refresh()))

const form = find("form", HTMLFormElement, views.signIn)

form.addEventListener("submit", (event) => {
  event.preventDefault()
  const token = String(new FormData(form).get("token")).trim()
  form.reset()
  void signIn(token)
})

void route().then(() => setTimeout(() => void watch(), everyMillis))
