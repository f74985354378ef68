import * as DateTime from "effect/DateTime"
import type { Sample } from "../../Job.js"

const windowMillis = 10_000

const rowsOf = ({ done, rejected }: Sample): number => done + rejected

/** Returns the rows per second over the last 10 seconds of the samples, or `undefined` if there are fewer than two samples. @internal */
export const rateOf = (samples: ReadonlyArray<Sample>): number | undefined => {
  const last = samples.at(-1)
  if (last === undefined) return undefined
  const begin = DateTime.toEpochMillis(last.at) - windowMillis
  const first = samples.findLast(({ at }) => DateTime.toEpochMillis(at) <= begin) ?? samples[0]
  if (first === undefined || first === last) return undefined
  const millis = DateTime.distance(first.at, last.at)
  // A retry sends rejected rows again, which makes the number of rejected rows smaller.
  return millis > 0 ? Math.max(0, ((rowsOf(last) - rowsOf(first)) / millis) * 1000) : undefined
}
