import { call, messageOf, pathOf } from "./api.js"
import { chart } from "./chart.js"
import { confirm } from "./confirm.js"
import { button, find, h, redraw } from "./dom.js"
import * as Rejects from "./rejects.js"
import { duration, number, rate, shown, time } from "./shown.js"
import { say } from "./status.js"
import { badge, kindOf, progress } from "./summary.js"

/** @import { JobWithSamples, ShownJob, ShownSample } from "../page/api.js" */

/** @param {string} selector */
const element = (selector) => find(selector, HTMLElement)

const parts = {
  title: element("#job-title"),
  state: element("#job-state"),
  notes: element("#notes"),
  progress: element("#progress"),
  actions: element("#actions"),
  facts: element("#facts"),
  chart: element("#chart"),
  samples: element("#samples"),
  sampleRows: element("#samples tbody")
}

const stays = "Rows that are done are not changed."

/**
 * @param {ShownJob} job
 * @param {"cancel" | "retry"} action
 */
const questionOf = ({ state }, action) => {
  if (action === "cancel") {
    const text = `No more rows are started, and rows that were already sent are finished. ${stays} You can retry the job later.`
    return { title: "Cancel this job?", text, label: "Cancel the job", isDanger: true }
  }
  const what =
    state === "done"
      ? "The rows that the server refused are sent again."
      : "The job continues with the rows that are not done."
  return { title: "Retry this job?", text: `${what} ${stays}`, label: "Retry the job", isDanger: false }
}

/** @param {ShownJob} job */
const outcomeOf = ({ run, state }) => {
  if (state === "cancelled") return "The job is cancelled."
  if (state === "cancelling")
    return "No more rows are started. The job is cancelled after the rows that were already sent have finished."
  return `The job is ${state} again, as run ${number(run)}.`
}

/**
 * @param {ShownJob} job
 * @param {"cancel" | "retry"} action
 */
const change = async (job, action) => {
  if (!(await confirm(questionOf(job, action)))) return
  try {
    say(outcomeOf(await call("POST", `${pathOf(job.id)}/${action}`)))
  } catch (error) {
    say(messageOf(error), "bad")
  }
  parts.title.focus()
  dispatchEvent(new Event("refresh"))
}

/** @param {ShownJob} job */
const actionsOf = (job) => {
  const { progress, state } = job
  if (["preparing", "queued", "running"].includes(state)) return [button("Cancel", () => void change(job, "cancel"))]
  const canRetry = state === "failed" || state === "cancelled" || (state === "done" && progress.rejected > 0)
  return canRetry ? [button("Retry", () => void change(job, "retry"))] : []
}

/** @param {ShownJob} job */
const notesOf = ({ failure, waitingFor }) => [
  ...(failure === undefined
    ? []
    : [h("p", { class: "note bad" }, h("strong", {}, "Failed: "), shown(`${failure.tag}: ${failure.message}`))]),
  ...(waitingFor === undefined ? [] : [h("p", { class: "note" }, h("strong", {}, "Waiting for "), shown(waitingFor))])
]

/**
 * @param {string} term
 * @param {Node | string} value
 */
const fact = (term, value) => h("div", {}, h("dt", {}, term), h("dd", {}, value))

/** @param {ShownJob} job */
const remaining = ({ progress: { pending, sent, total }, rate }) =>
  total === undefined || rate === undefined || rate <= 0
    ? "unknown"
    : `about ${duration(((pending + sent) / rate) * 1000)}`

/** @param {ShownJob} job */
const factsOf = (job) => {
  const { endedAt, id, progress, run, startedAt, state, submittedAt } = job
  return [
    h("div", { class: "wide" }, h("dt", {}, "Id"), h("dd", {}, h("code", {}, id))),
    fact("Kind", kindOf(job)),
    ...(state === "running" ? [fact("Rate", rate(job.rate)), fact("Time left", remaining(job))] : []),
    fact("Done", number(progress.done)),
    fact("Rejected", number(progress.rejected)),
    fact("Not started", number(progress.pending)),
    fact("Sent", number(progress.sent)),
    fact("Run", run === 1 ? "1" : `${number(run)} (after ${run === 2 ? "1 retry" : `${number(run - 1)} retries`})`),
    fact("Submitted", time(submittedAt)),
    ...(startedAt === undefined ? [] : [fact("Started", time(startedAt))]),
    ...(endedAt === undefined ? [] : [fact("Ended", time(endedAt))])
  ]
}

const shownSamples = 20

/**
 * @param {ReadonlyArray<ShownSample>} samples
 * @returns {ReadonlyArray<ShownSample>} The last sample, and others at equal distances.
 */
const someOf = (samples) => {
  const step = Math.ceil(samples.length / shownSamples)
  return samples.filter((_, index) => (samples.length - 1 - index) % step === 0)
}

/** @param {ShownSample} sample */
const sampleRow = ({ at, done, rejected }) =>
  h(
    "tr",
    {},
    h("td", {}, time(at)),
    h("td", { class: "number" }, number(done)),
    h("td", { class: "number" }, number(rejected))
  )

/** @param {JobWithSamples} found */
const drawChart = ({ job: { progress, startedAt }, samples }) => {
  const width = Math.max(280, Math.round(parts.chart.clientWidth))
  const { total } = progress
  parts.samples.hidden = samples.length === 0
  redraw(parts.chart, [samples, startedAt, total, width], () =>
    samples.length < 2
      ? [h("p", { class: "muted" }, "Nothing to draw yet.")]
      : chart({ samples, startedAt, total, width })
  )
  redraw(parts.sampleRows, samples, () => someOf(samples).map(sampleRow))
}

/** @param {JobWithSamples} found */
const draw = (found) => {
  const { job } = found
  redraw(parts.title, job.subject, () => [shown(job.subject)])
  redraw(parts.state, job, () => [badge(job)])
  redraw(parts.notes, [job.failure, job.waitingFor], () => notesOf(job))
  redraw(parts.progress, job, () => [progress(job)])
  redraw(parts.actions, [job.id, job.state, job.progress.rejected > 0], () => actionsOf(job))
  redraw(parts.facts, job, () => factsOf(job))
  drawChart(found)
}

/** Clears the view until another job is loaded. */
export const clear = () => {
  redraw(parts.title, "", () => ["Job"])
  for (const part of [parts.state, parts.notes, parts.progress, parts.actions, parts.facts, parts.chart])
    redraw(part, "", () => [])
  parts.samples.hidden = true
  Rejects.clear()
}

let turn = 0

/**
 * Shows the current job. Drops the response if a newer request has been sent.
 *
 * @param {string} id
 */
export const load = async (id) => {
  turn += 1
  const own = turn
  /** @type {JobWithSamples} */
  const found = await call("GET", pathOf(id))
  if (own !== turn) return
  draw(found)
  await Rejects.load(found.job)
}

export const focus = () => parts.title.focus()
