import { emulator, messageOf } from "./api.js"
import { refresh } from "./customer.js"
import { find, formDialog } from "./dom.js"
import * as Faults from "./faults.js"
import * as Requests from "./requests.js"
import { say } from "./status.js"

const everyMillis = 1000

let isLost = false

const poll = async () => {
  try {
    const [isChanged] = await Promise.all([Requests.load(), Faults.load()])
    if (isChanged || isLost) await refresh()
    if (isLost) say("The emulator responds again.")
    isLost = false
  } catch {
    if (!isLost) say("The emulator does not respond. This page waits for it.", "lost")
    isLost = true
  }
}

let last = Promise.resolve()

/** Runs one round at a time: two concurrent rounds would show a request twice. */
const round = () => {
  last = last.then(poll)
  return last
}

/** Polls every second while the page is visible. */
const watch = async () => {
  if (!document.hidden) await round()
  setTimeout(() => void watch(), everyMillis)
}

addEventListener("called", () => void round())
document.addEventListener("visibilitychange", () => void (document.hidden || round()))

const reset = formDialog("reset-dialog", async () => {
  try {
    await emulator("POST", "reset")
    await refresh()
    say("The customers were reset to the seed.")
    return undefined
  } catch (error) {
    return messageOf(error)
  }
})

find("reset", HTMLButtonElement).addEventListener("click", reset.open)

void watch()
