import { peerNames } from "../bundle.js"
import { type Findings, ratio } from "../figure.js"
import { withPeers, withServer } from "../processes.js"
import { interleave, measurementsOf, ofPeer } from "../rounds.js"
import type { Sizes } from "../sizes.js"

const customers = 30_000

/** The complete list without latency: customer by customer, with an effect each for peers with effects, and page by page. */
export const fullExport = ({ exportRuns, isQuick }: Sizes): Promise<Findings> =>
  withServer(customers, ({ baseUrl }) =>
    withPeers(peerNames, baseUrl, async (workers) => {
      const rounds = { warmUps: isQuick ? 6 : 40, runs: exportRuns, expected: customers }
      const one = await interleave(workers, { kind: "export", by: "customer" }, rounds)
      const fewer = { ...rounds, warmUps: 1, runs: isQuick ? 1 : exportRuns }
      const effect = await interleave(workers, { kind: "export", by: "effect" }, fewer)
      const page = await interleave(workers, { kind: "export", by: "page" }, fewer)
      const times = measurementsOf("export of 300 pages, customer by customer", "ms", one, ({ wall }) => wall)
      const ours = ofPeer(times, "avara")
      return {
        figures: [
          ratio(
            { id: "export.time.stainless", title: "full export, time", better: "lower", must: 0.8, aim: 0.65 },
            ours,
            ofPeer(times, "stainless")
          ),
          ratio(
            { id: "export.time.effect", title: "full export, time", better: "lower", must: 0.5, aim: 0.42 },
            ours,
            ofPeer(times, "effect")
          )
        ],
        measurements: [
          ...times,
          ...measurementsOf("export of 300 pages, customer by customer, CPU", "ms", one, ({ cpu }) => cpu),
          ...measurementsOf("export of 300 pages, an effect for each customer", "ms", effect, ({ wall }) => wall),
          ...measurementsOf("export of 300 pages, page by page", "ms", page, ({ wall }) => wall)
        ]
      }
    })
  )
