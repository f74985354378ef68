import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import * as Format from "@effect-avara/export/Format"
import { bundleCommand, bundleScript, outFolder } from "../bundle.js"
import type { Figure, Findings, Measurement } from "../figure.js"
import { peakMemoryOf, withServer } from "../processes.js"
import type { Sizes } from "../sizes.js"
import { sampleOf } from "../statistics.js"
import { apiKey } from "../wire.js"

interface Scripts {
  readonly reporter: string
  readonly command: string
}

/** A run of the command in a separate process. */
const exportOnce = async ({ command, reporter }: Scripts, format: Format.Name, customers: number, baseUrl: string) => {
  const folder = mkdtempSync(join(outFolder, "bench", "memory-"))
  const file = join(folder, `customers.${format}`)
  try {
    const args = ["export", "customers", "--quiet", "--base-url", baseUrl, "--format", format, "--out", file]
    const peak = await peakMemoryOf(reporter, [command, ...args], { AVARA_API_KEY: apiKey })
    const { rows }: { readonly rows: number } = JSON.parse(readFileSync(`${file}.manifest.json`, "utf8"))
    if (rows !== customers) throw new Error(`${file} has ${rows} rows where there are ${customers} customers`)
    return peak
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const measure = (scripts: Scripts, format: Format.Name, customers: number): Promise<Measurement> =>
  withServer(customers, async ({ baseUrl }) => ({
    scenario: `avara export of ${customers.toLocaleString("en")} customers, peak RSS`,
    peer: format,
    unit: "MB",
    sample: sampleOf([(await exportOnce(scripts, format, customers, baseUrl)) / 1e6])
  }))

const figureOf = (ours: Measurement): Figure => ({
  id: `memory.${ours.peer}`,
  title: `${ours.scenario}, ${ours.peer}`,
  unit: "MB",
  better: "lower",
  must: 256,
  aim: 200,
  value: ours.sample.median,
  ours
})

/** The memory of the command by the length of the list. The figures are for the longest list. */
export const memory = async ({ memoryCustomers }: Sizes): Promise<Findings> => {
  const scripts = { reporter: await bundleScript("reportPeak"), command: await bundleCommand() }
  const longest = Math.max(...memoryCustomers)
  const measurements: Array<Measurement> = []
  const figures: Array<Figure> = []
  for (const format of Format.names) {
    for (const customers of memoryCustomers) {
      const measurement = await measure(scripts, format, customers)
      measurements.push(measurement)
      if (customers === longest) figures.push(figureOf(measurement))
    }
  }
  return { figures, measurements }
}
