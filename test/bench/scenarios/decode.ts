import { type Findings, ratio } from "../figure.js"
import type { Measured } from "../jobs.js"
import { startDecoder } from "../processes.js"
import { interleave, measurementsOf, ofPeer } from "../rounds.js"
import type { Sizes } from "../sizes.js"
import { pageSize } from "../wire.js"

const pages = 200

const perPage =
  (name: string) =>
  ({ times }: Measured): number =>
    ((times?.[name] ?? Number.NaN) / pages) * 1000

/** Decoding pages in memory against parsing their text. */
export const decode = async ({ decodeRuns }: Sizes): Promise<Findings> => {
  const worker = await startDecoder()
  const results = await interleave(
    new Map([["avara", worker]]),
    { kind: "decode", rounds: pages },
    { warmUps: 5, runs: decodeRuns, expected: pageSize }
  )
  worker.stop()
  const [decoded, parsed, stock] = (
    [
      ["decode", "avara"],
      ["parse", "JSON.parse"],
      ["stock", "Schema"]
    ] as const
  ).map(([name, peer]) =>
    ofPeer(
      measurementsOf("decode of a page of 100", "us", results, perPage(name)).map((row) => ({ ...row, peer })),
      peer
    )
  )
  if (decoded === undefined || parsed === undefined || stock === undefined) throw new Error("nothing was decoded")
  return {
    figures: [
      ratio(
        { id: "decode.time.parse", title: "decode of a page of 100", better: "lower", must: 2.5, aim: 2.2 },
        decoded,
        parsed
      )
    ],
    measurements: [decoded, parsed, stock]
  }
}
