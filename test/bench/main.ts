/** Compares this library with other ways to use the API: `pnpm bench`, or `pnpm bench --quick`. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { outFolder } from "./bundle.js"
import { chart } from "./chart.js"
import { type Findings, merge } from "./figure.js"
import { stopAll } from "./processes.js"
import { figuresTable, machine, measurementsTable, toJson } from "./report.js"
import { decode } from "./scenarios/decode.js"
import { fullExport } from "./scenarios/fullExport.js"
import { parallel, slowServer } from "./scenarios/latency.js"
import { memory } from "./scenarios/memory.js"
import { ndjson } from "./scenarios/ndjson.js"
import { retrieve } from "./scenarios/retrieve.js"
import { browserBundle, coldStart } from "./scenarios/start.js"
import { full, quick, type Sizes } from "./sizes.js"

const scenarios: ReadonlyArray<readonly [name: string, run: (sizes: Sizes) => Promise<Findings>]> = [
  ["export", fullExport],
  ["decode", decode],
  ["latency", slowServer],
  ["retrieve", retrieve],
  ["ndjson", ndjson],
  ["memory", memory],
  ["start", coldStart],
  ["browser", browserBundle],
  ["parallel", parallel]
]

const named = (only: string | undefined): typeof scenarios => {
  const names = only?.split(",") ?? scenarios.map(([name]) => name)
  const unknown = names.filter((name) => !scenarios.some(([known]) => known === name))
  if (unknown.length === 0) return scenarios.filter(([name]) => names.includes(name))
  const known = scenarios.map(([name]) => name).join(", ")
  throw new Error(`--only: expected some of ${known}, separated by commas, not "${unknown.join(",")}"`)
}

const runAll = async (sizes: Sizes, only: string | undefined): Promise<Findings> => {
  const findings: Array<Findings> = []
  for (const [name, run] of named(only)) {
    const start = performance.now()
    findings.push(await run(sizes))
    console.error(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
  }
  return merge(findings)
}

const print = (findings: Findings, { isQuick }: Sizes): void => {
  const { cores, date, node, platform, processor } = machine()
  console.log(`${date}, Node ${node}, ${platform}, ${cores} cores of ${processor}`)
  if (isQuick) console.log("quick: fewer runs, and shorter exports; not for publication")
  console.log(`\n${measurementsTable(findings)}\n\n${figuresTable(findings)}`)
}

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string" } }
})

const sizes = values.quick ? quick : full

mkdirSync(join(outFolder, "bench"), { recursive: true })

try {
  const findings = await runAll(sizes, values.only)
  print(findings, sizes)
  if (values.only === undefined) {
    writeFileSync(join(outFolder, "bench.json"), toJson(findings, sizes))
    writeFileSync(join(outFolder, "bench.svg"), chart(findings))
  }
} finally {
  stopAll()
}
