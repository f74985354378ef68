import { createReadStream, mkdtempSync, rmSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { outFolder, type PeerName, peerNames } from "../bundle.js"
import { type Figure, type Findings, type Measurement, ratio } from "../figure.js"
import type { Measured } from "../jobs.js"
import { withPeers, withServer } from "../processes.js"
import { measurementsOf, ofPeer, shuffled } from "../rounds.js"
import type { Sizes } from "../sizes.js"
import { customerAt, indexOf, type WireCustomer } from "../wire.js"

/** Every line is checked for its id, one line in `sampled` for every field. */
const sampled = 1000

const idPattern = /"expressCustomerId":"([^"]*)"/

const millisOf = (time: string | null): number | null => (time === null ? null : Date.parse(time))

/** A time may have more than one spelling. */
const comparable = ({ createdAt, updatedAt, ...rest }: WireCustomer): string =>
  JSON.stringify(Object.entries({ ...rest, createdAt: millisOf(createdAt), updatedAt: millisOf(updatedAt) }).sort())

const verifyLine = (line: string, index: number): void => {
  if (index % sampled === 0 && comparable(JSON.parse(line)) !== comparable(customerAt(index))) {
    throw new Error(`not the customer that the server sent: ${line}`)
  }
}

/** Fails unless the file has a line for every customer and no other. */
const verifyFile = async (name: string, file: string, customers: number): Promise<void> => {
  const seen = new Uint8Array(customers)
  let lines = 0
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const index = indexOf(idPattern.exec(line)?.[1] ?? "")
    verifyLine(line, index)
    lines += 1
    seen[index] = 1
  }
  const distinct = seen.reduce((sum, bit) => sum + bit, 0)
  if (lines !== customers || distinct !== customers) {
    throw new Error(`${name} wrote ${lines} customers, ${distinct} of them distinct, where there are ${customers}`)
  }
}

/** One peer in a fresh process. */
const exportOnce = (name: PeerName, baseUrl: string, folder: string, customers: number): Promise<Measured> =>
  withPeers([name], baseUrl, async (workers) => {
    const file = join(folder, `${name}.ndjson`)
    const measured = await workers.get(name)?.run({ kind: "ndjson", file })
    if (measured === undefined) throw new Error(`${name} did not start`)
    await verifyFile(name, file, customers)
    rmSync(file)
    return measured
  })

const exportAll = async (baseUrl: string, { isQuick, ndjsonCustomers, ndjsonRuns }: Sizes) => {
  const folder = mkdtempSync(join(outFolder, "bench", "ndjson-"))
  const names: ReadonlyArray<PeerName> = isQuick ? ["avara", "undici", "stainless"] : peerNames
  const results = new Map(names.map((name) => [name, [] as Array<Measured>]))
  try {
    for (let round = 0; round < ndjsonRuns; round++) {
      for (const [name, measured] of shuffled(results)) {
        measured.push(await exportOnce(name, baseUrl, folder, ndjsonCustomers))
      }
    }
    return results
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const memoryFigure = (title: string, ours: Measurement, peer: Measurement): Figure => ({
  id: "ndjson.memory",
  title,
  unit: "MB",
  better: "lower",
  must: 256,
  aim: 170,
  value: ours.sample.median,
  ours,
  peer
})

/** A long list to a file of JSON lines. */
export const ndjson = (sizes: Sizes): Promise<Findings> =>
  withServer(sizes.ndjsonCustomers, async ({ baseUrl }) => {
    const results = await exportAll(baseUrl, sizes)
    const title = `${sizes.ndjsonCustomers.toLocaleString("en")} customers to NDJSON`
    const times = measurementsOf(title, "ms", results, ({ wall }) => wall)
    const memory = measurementsOf(`${title}, peak RSS`, "MB", results, ({ peakMemory }) => peakMemory / 1e6)
    return {
      figures: [
        ratio(
          { id: "ndjson.time.stainless", title, better: "lower", must: 0.8, aim: 0.7 },
          ofPeer(times, "avara"),
          ofPeer(times, "stainless")
        ),
        ratio(
          { id: "ndjson.time.undici", title, better: "lower", must: 2.1, aim: 1.4 },
          ofPeer(times, "avara"),
          ofPeer(times, "undici")
        ),
        memoryFigure(`${title}, peak RSS`, ofPeer(memory, "avara"), ofPeer(memory, "stainless"))
      ],
      measurements: [...times, ...memory]
    }
  })
