import type { PeerName } from "../bundle.js"
import { type Figure, type Findings, type Measurement, merge, ratio } from "../figure.js"
import type { Consumer } from "../jobs.js"
import { type Worker, withPeers, withServer } from "../processes.js"
import { interleave, measurementsOf, ofPeer } from "../rounds.js"
import type { Sizes } from "../sizes.js"
import { sampleOf } from "../statistics.js"
import { pageSize } from "../wire.js"

const latency = 25

const consumers: ReadonlyArray<readonly [consumer: Consumer, milliseconds: number]> = [
  ["timer", 0],
  ["timer", 10],
  ["busy", 10],
  ["timer", 20],
  ["busy", 20]
]

const slowest = 20

/** The consumer with which all peers are measured; undici shows how exact the server's latency is. */
const besides = new Map([
  ["undici", 0],
  ["stainless", slowest]
])

const nameOf = (consumer: Consumer, milliseconds: number): string =>
  milliseconds === 0 ? "no consumer" : `${consumer === "timer" ? "async" : "CPU-bound"} consumer of ${milliseconds} ms`

const lowerBound = (pages: number): Measurement => ({
  scenario: "latency",
  peer: "pages x latency",
  unit: "ms",
  sample: sampleOf([pages * latency])
})

/** Shorter lists show the cost of the first pages. */
const pagesForVerdict = 100

const figuresOf = (
  id: string,
  title: string,
  milliseconds: number,
  pages: number,
  times: ReadonlyArray<Measurement>
): ReadonlyArray<Figure> => [
  {
    ...ratio(
      { id: `latency.${id}`, title, better: "lower", must: 1.05, aim: 1.02 },
      ofPeer(times, "avara"),
      lowerBound(pages)
    ),
    isTooShort: pages < pagesForVerdict
  },
  ...(milliseconds === slowest
    ? [
        ratio(
          { id: `latency.${id}.stainless`, title, better: "lower", must: 0.6, aim: 0.56 },
          ofPeer(times, "avara"),
          ofPeer(times, "stainless")
        )
      ]
    : [])
]

const withConsumer = async (
  workers: ReadonlyMap<"avara" | "undici" | "stainless", Worker>,
  [consumer, milliseconds]: readonly [Consumer, number],
  { latencyPages, latencyRuns }: Sizes
): Promise<Findings> => {
  const compared = new Map([...workers].filter(([name]) => name === "avara" || milliseconds === besides.get(name)))
  const scenario = `${latencyPages} pages at ${latency} ms, ${nameOf(consumer, milliseconds)}`
  const rounds = { warmUps: 0, runs: latencyRuns, expected: latencyPages * pageSize }
  const results = await interleave(compared, { kind: "consume", consumer, milliseconds }, rounds)
  const times = measurementsOf(scenario, "ms", results, ({ wall }) => wall)
  return {
    figures: figuresOf(`${consumer}${milliseconds}`, scenario, milliseconds, latencyPages, times),
    measurements: times
  }
}

const atParallelism = async (
  workers: ReadonlyMap<"avaraParallel", Worker>,
  { latencyPages, latencyRuns }: Sizes
): Promise<Findings> => {
  const scenario = `${latencyPages} pages at ${latency} ms, 8 at a time`
  const rounds = { warmUps: 0, runs: latencyRuns, expected: latencyPages * pageSize }
  const results = await interleave(workers, { kind: "consume", consumer: "timer", milliseconds: 0 }, rounds)
  const measurements = measurementsOf(scenario, "ms", results, ({ wall }) => wall)
  const bounds = { id: "parallel.latency", title: scenario, better: "lower", must: 0.3, aim: 0.15 } as const
  return { figures: [ratio(bounds, ofPeer(measurements, "avaraParallel"), lowerBound(latencyPages))], measurements }
}

/** Warms up every peer while responses are immediate, then slows the server down. */
const withSlowServer = <N extends PeerName>(
  names: ReadonlyArray<N>,
  { isQuick, latencyPages }: Sizes,
  use: (workers: ReadonlyMap<N, Worker>) => Promise<Findings>
): Promise<Findings> =>
  withServer(latencyPages * pageSize, ({ baseUrl, delay }) =>
    withPeers(names, baseUrl, async (workers) => {
      const rounds = { warmUps: isQuick ? 25 : 100, runs: 0, expected: latencyPages * pageSize }
      await interleave(workers, { kind: "export", by: "page" }, rounds)
      await delay(latency)
      return use(workers)
    })
  )

/** The complete list from a server with latency, with slow consumers. */
export const slowServer = (sizes: Sizes): Promise<Findings> =>
  withSlowServer(["avara", "undici", "stainless"], sizes, async (workers) => {
    const findings: Array<Findings> = []
    for (const consumer of consumers) findings.push(await withConsumer(workers, consumer, sizes))
    return merge(findings)
  })

/** Several pages at a time from a server with latency. */
export const parallel = (sizes: Sizes): Promise<Findings> =>
  withSlowServer(["avaraParallel"], sizes, (workers) => atParallelism(workers, sizes))
