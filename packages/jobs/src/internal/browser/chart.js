import { h, svg } from "./dom.js"
import { counted, duration, number } from "./shown.js"

/** @import { ShownSample } from "../page/api.js" */

/**
 * @typedef {object} Point
 * @property {number} at Milliseconds since the job started.
 * @property {number} done
 * @property {number} rejected
 */

const height = 260

const margin = { top: 12, right: 20, bottom: 44, left: 64 }

/** @param {number} value The smallest of 1, 2, 5, 10, 20, ... that is not less. */
const round = (value) => {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)))
  return power * ([1, 2, 5].find((factor) => factor * power >= value) ?? 10)
}

const second = 1000

const spans = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400].map(
  (seconds) => seconds * second
)

/**
 * @param {number} millis
 * @param {number} count
 */
const timeStep = (millis, count) => {
  const day = 86_400 * second
  return spans.find((span) => millis / span <= count) ?? Math.ceil(millis / count / day) * day
}

/**
 * @param {number} end
 * @param {number} step
 */
const ticks = (end, step) => Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step)

/** @param {number} value */
const short = (value) => value.toLocaleString("en-US", { notation: value < 10_000 ? "standard" : "compact" })

/** @param {number} value */
const pixel = (value) => value.toFixed(1)

/**
 * Computes where a time and a number of rows are in the drawing.
 *
 * @param {number} width
 * @param {ReadonlyArray<Point>} points
 * @param {number} total
 */
const scalesOf = (width, points, total) => {
  const right = width - margin.right
  const bottom = height - margin.bottom
  const most = Math.max(1, total, ...points.map(({ done, rejected }) => Math.max(done, rejected)))
  const rowStep = round(most / 4)
  const top = Math.ceil(most / rowStep) * rowStep
  const end = Math.max(second, points.at(-1)?.at ?? 0)
  return {
    right,
    bottom,
    rows: ticks(top, rowStep),
    times: ticks(end, timeStep(end, Math.max(2, Math.floor(width / 110)))),
    /** @param {number} at */
    x: (at) => margin.left + (at / end) * (right - margin.left),
    /** @param {number} rows */
    y: (rows) => bottom - (rows / top) * (bottom - margin.top)
  }
}

/** @typedef {ReturnType<typeof scalesOf>} Scales */

/** @param {Scales} scales */
const axes = ({ bottom, right, rows, times, x, y }) => [
  ...rows.flatMap((value) => [
    svg("line", { class: "grid", x1: margin.left, x2: right, y1: pixel(y(value)), y2: pixel(y(value)) }),
    svg("text", { x: margin.left - 8, y: pixel(y(value) + 4), "text-anchor": "end" }, short(value))
  ]),
  ...times.flatMap((at) => [
    svg("line", { class: "axis", x1: pixel(x(at)), x2: pixel(x(at)), y1: bottom, y2: bottom + 5 }),
    svg("text", { x: pixel(x(at)), y: bottom + 18, "text-anchor": at === 0 ? "start" : "middle" }, duration(at))
  ]),
  svg("line", { class: "axis", x1: margin.left, x2: right, y1: bottom, y2: bottom }),
  svg("text", { x: (margin.left + right) / 2, y: height - 6, "text-anchor": "middle" }, "Time since the job started"),
  svg("text", { transform: `translate(14 ${(margin.top + bottom) / 2}) rotate(-90)`, "text-anchor": "middle" }, "Rows")
]

/**
 * @param {Scales} scales
 * @param {ReadonlyArray<Point>} points
 * @param {"done" | "rejected"} name
 */
const line = ({ x, y }, points, name) =>
  svg("polyline", {
    class: `line ${name}`,
    points: points.map((point) => `${pixel(x(point.at))},${pixel(y(point[name]))}`).join(" ")
  })

/**
 * @param {ReadonlyArray<ShownSample>} samples
 * @param {string | undefined} startedAt
 * @returns {ReadonlyArray<Point>}
 */
const pointsOf = (samples, startedAt) => {
  const first = Date.parse(samples[0]?.at ?? "")
  const begin = Math.min(first, Date.parse(startedAt ?? "") || first)
  return samples.map(({ at, done, rejected }) => ({ at: Date.parse(at) - begin, done, rejected }))
}

/** @param {ReadonlyArray<Point>} points */
const descriptionOf = (points) => {
  const last = points.at(-1)
  return last === undefined
    ? ""
    : `After ${duration(last.at)}, ${counted(last.done, "row")} done and ${number(last.rejected)} rejected.`
}

/**
 * Draws how many rows were done and rejected over time, in a figure that is `width` pixels wide.
 *
 * @param {object} options
 * @param {ReadonlyArray<ShownSample>} options.samples
 * @param {string | undefined} options.startedAt
 * @param {number | undefined} options.total
 * @param {number} options.width
 */
export const chart = ({ samples, startedAt, total, width }) => {
  const points = pointsOf(samples, startedAt)
  const scales = scalesOf(width, points, total ?? 0)
  return [
    svg(
      "svg",
      {
        viewBox: `0 0 ${width} ${height}`,
        width,
        height,
        role: "img",
        "aria-labelledby": "chart-title",
        "aria-describedby": "chart-description"
      },
      svg("title", { id: "chart-title" }, "Rows done and rejected over time"),
      svg("desc", { id: "chart-description" }, descriptionOf(points)),
      ...axes(scales),
      line(scales, points, "rejected"),
      line(scales, points, "done")
    ),
    h(
      "figcaption",
      { class: "muted" },
      h("span", { class: "key done" }, "Done"),
      " ",
      h("span", { class: "key rejected" }, "Rejected")
    )
  ]
}
