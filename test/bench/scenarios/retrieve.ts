import { type PeerName, peerNames } from "../bundle.js"
import { type Findings, merge, ratio } from "../figure.js"
import type { Measured } from "../jobs.js"
import { type Worker, withPeers, withServer } from "../processes.js"
import { interleave, measurementsOf, ofPeer } from "../rounds.js"
import type { Sizes } from "../sizes.js"

const concurrencies = [1, 16, 64, 256]

const atConcurrency = async (
  workers: ReadonlyMap<PeerName, Worker>,
  concurrency: number,
  { retrieveOperations: operations, retrieveRuns: runs }: Sizes
): Promise<Findings> => {
  const results = await interleave(
    workers,
    { kind: "retrieve", customers: operations, operations, concurrency },
    { warmUps: 2, runs, expected: operations }
  )
  const title = `retrieve at concurrency ${concurrency}`
  const rates = measurementsOf(title, "op/s", results, ({ wall }: Measured) => (operations / wall) * 1000)
  const costs = measurementsOf(`${title}, CPU`, "us/op", results, ({ cpu }: Measured) => (cpu / operations) * 1000)
  return {
    figures: [
      ratio(
        { id: `retrieve.rate.${concurrency}`, title, better: "higher", must: 2, aim: 4 },
        ofPeer(rates, "avara"),
        ofPeer(rates, "stainless")
      ),
      ratio(
        { id: `retrieve.cpu.${concurrency}`, title: `${title}, CPU`, better: "lower", must: 0.5, aim: 0.25 },
        ofPeer(costs, "avara"),
        ofPeer(costs, "stainless")
      )
    ],
    measurements: [...rates, ...costs]
  }
}

/** Enough calls to warm up every peer before the first measurement. */
const warmUp = (workers: ReadonlyMap<PeerName, Worker>, { isQuick, retrieveOperations: operations }: Sizes) =>
  interleave(
    workers,
    { kind: "retrieve", customers: operations, operations, concurrency: 16 },
    { warmUps: isQuick ? 20 : 4, runs: 0, expected: operations }
  )

/** Single customers, one after the other and many at a time. */
export const retrieve = (sizes: Sizes): Promise<Findings> =>
  withServer(sizes.retrieveOperations, ({ baseUrl }) =>
    withPeers(sizes.isQuick ? (["avara", "undici", "stainless"] as const) : peerNames, baseUrl, async (workers) => {
      const findings: Array<Findings> = []
      await warmUp(workers, sizes)
      for (const concurrency of concurrencies) findings.push(await atConcurrency(workers, concurrency, sizes))
      return merge(findings)
    })
  )
