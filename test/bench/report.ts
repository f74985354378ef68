import { cpus } from "node:os"
import { type Figure, type Findings, isAimReached, isMet, type Measurement } from "./figure.js"
import type { Sizes } from "./sizes.js"
import type { Sample } from "./statistics.js"

const notBuilt = "not built"

const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

const spread = ({ max, median, min, runs }: Sample, unit: string): string =>
  runs > 1 ? `${digits(median)} ${unit} (${digits(min)}-${digits(max)})` : `${digits(median)} ${unit}`

const measured = (measurement: Measurement | undefined): string =>
  measurement === undefined ? notBuilt : spread(measurement.sample, measurement.unit)

const valueOf = ({ unit, value }: Figure): string => {
  if (value === null) return notBuilt
  return unit === "ratio" ? `${value.toFixed(value < 2 ? 3 : 2)}x` : `${digits(value)} ${unit}`
}

const boundOf = ({ better, unit }: Figure, bound: number): string =>
  `${better === "lower" ? "<=" : ">="} ${bound}${unit === "ratio" ? "x" : ` ${unit}`}`

const verdict = (figure: Figure): string => {
  if (figure.isTooShort === true) return "too short"
  return isAimReached(figure) ? "aim" : isMet(figure) ? "yes" : "NO"
}

const rowOf = (figure: Figure): ReadonlyArray<string> => [
  figure.title,
  measured(figure.ours),
  figure.peer === undefined ? "" : `${figure.peer.peer} ${measured(figure.peer)}`,
  valueOf(figure),
  boundOf(figure, figure.must),
  boundOf(figure, figure.aim),
  verdict(figure)
]

const table = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: ReadonlyArray<string>) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd()
  const [head = [], ...body] = rows
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...body.map(line)].join("\n")
}

const headings = ["figure", "ours", "peer", "ratio", "must", "aim", "met"]

/** The table of bounds. */
export const figuresTable = ({ figures }: Findings): string => table([headings, ...figures.map(rowOf)])

/** Every measurement. */
export const measurementsTable = ({ measurements }: Findings): string =>
  table([
    ["measured", "peer", "median (min-max)", "runs"],
    ...measurements.map((row) => [row.scenario, row.peer, measured(row), String(row.sample.runs)])
  ])

/** The machine and the versions of the measurement. */
export const machine = () => ({
  date: new Date().toISOString(),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  processor: cpus()[0]?.model ?? "unknown",
  cores: cpus().length
})

/** The machine-readable report. */
export const toJson = ({ figures, measurements }: Findings, { isQuick }: Sizes): string =>
  `${JSON.stringify(
    {
      ...machine(),
      quick: isQuick,
      figures: figures.map((figure) => ({
        id: figure.id,
        title: figure.title,
        value: figure.value,
        unit: figure.unit,
        must: figure.must,
        aim: figure.aim,
        better: figure.better,
        met: figure.isTooShort === true ? null : isMet(figure),
        ...(figure.value === null ? { note: notBuilt } : {})
      })),
      measurements: measurements.map(({ sample, ...rest }) => ({ ...rest, ...sample }))
    },
    undefined,
    2
  )}\n`
