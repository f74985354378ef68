import { browserSize, bundleProgram } from "../bundle.js"
import { type Figure, type Findings, type Measurement, ratio } from "../figure.js"
import { timeToOutput, withServer } from "../processes.js"
import { ofPeer, shuffled } from "../rounds.js"
import type { Sizes } from "../sizes.js"
import { sampleOf } from "../statistics.js"
import { apiKey, idAt } from "../wire.js"

const startOnce = async (file: string, baseUrl: string): Promise<number> => {
  const id = idAt(0)
  const { milliseconds, output } = await timeToOutput(file, [baseUrl, apiKey, id])
  if (output !== id) throw new Error(`${file} printed "${output}"`)
  return milliseconds
}

const programs = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ["avara", await bundleProgram("coldAvara")],
    ["stainless", await bundleProgram("coldStainless")],
    ["effect", await bundleProgram("coldEffect")],
    ["effect over fetch", await bundleProgram("coldEffectFetch")],
    ["stainless, openai whole", await bundleProgram("coldStainless", { whole: true })]
  ])

const scenario = "cold start to the first response, bundled"

/** From the start of Node to the first response. */
export const coldStart = ({ coldRuns }: Sizes): Promise<Findings> =>
  withServer(1, async ({ baseUrl }) => {
    const files = await programs()
    const times = new Map(Array.from(files.keys(), (name) => [name, [] as Array<number>]))
    for (let round = 0; round <= coldRuns; round++) {
      for (const [name, file] of shuffled(files)) {
        const time = await startOnce(file, baseUrl)
        if (round > 0) times.get(name)?.push(time)
      }
    }
    const measurements = Array.from(times, ([peer, values]) => ({
      scenario,
      peer,
      unit: "ms",
      sample: sampleOf(values)
    }))
    return {
      figures: [
        ratio(
          { id: "start.time.stainless", title: scenario, better: "lower", must: 1.4, aim: 1.2 },
          ofPeer(measurements, "avara"),
          ofPeer(measurements, "stainless")
        )
      ],
      measurements
    }
  })

const sizeFigure = (ours: Measurement, peer: Measurement): Figure => ({
  id: "browser.size",
  title: ours.scenario,
  unit: "kB",
  better: "lower",
  must: 100,
  aim: 84,
  value: ours.sample.median,
  ours,
  peer
})

/** The download size of a program with one `retrieve` for browsers. */
export const browserBundle = async (): Promise<Findings> => {
  const sizeOf = async (peer: string, program: string): Promise<Measurement> => ({
    scenario: "browser bundle, minified and gzipped",
    peer,
    unit: "kB",
    sample: sampleOf([(await browserSize(program)) / 1000])
  })
  const ours = await sizeOf("avara", "browser")
  const peer = await sizeOf("stainless", "browserStainless")
  const byHand = await sizeOf("effect", "browserEffect")
  return { figures: [sizeFigure(ours, peer)], measurements: [ours, peer, byHand] }
}
