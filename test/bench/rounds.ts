import type { Measurement } from "./figure.js"
import type { Job, Measured } from "./jobs.js"
import type { Worker } from "./processes.js"
import { sampleOf } from "./statistics.js"

/** How often a job runs, and how many customers it must see. */
export interface Rounds {
  readonly warmUps: number
  readonly runs: number
  readonly expected: number
}

const verify = (name: string, { distinct, total }: Measured, expected: number): void => {
  if (distinct !== expected || total !== expected) {
    throw new Error(`${name} saw ${total} customers, ${distinct} of them distinct, where there are ${expected}`)
  }
}

/** The items in another order, so that no peer always runs after the same one, whose data is in the caches. */
export const shuffled = <A>(all: Iterable<A>): ReadonlyArray<A> =>
  Array.from(all, (one) => [Math.random(), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one)

/** Runs a job on every worker in turn, repeatedly, so that the load of the machine affects all of them equally. */
export const interleave = async <N extends string>(
  workers: ReadonlyMap<N, Worker>,
  job: Job,
  { expected, runs, warmUps }: Rounds
): Promise<ReadonlyMap<N, ReadonlyArray<Measured>>> => {
  const results = new Map(Array.from(workers.keys(), (name) => [name, [] as Array<Measured>]))
  for (let round = 0; round < warmUps + runs; round++) {
    for (const [name, worker] of shuffled(workers)) {
      const measured = await worker.run(job)
      verify(name, measured, expected)
      if (round >= warmUps) results.get(name)?.push(measured)
    }
  }
  return results
}

/** One number per run and peer. */
export const measurementsOf = <N extends string>(
  scenario: string,
  unit: string,
  results: ReadonlyMap<N, ReadonlyArray<Measured>>,
  value: (measured: Measured) => number
): ReadonlyArray<Measurement> =>
  Array.from(results, ([peer, measured]) => ({ scenario, peer, unit, sample: sampleOf(measured.map(value)) }))

/** The measurement of this peer. */
export const ofPeer = (measurements: ReadonlyArray<Measurement>, peer: string): Measurement => {
  const found = measurements.find((measurement) => measurement.peer === peer)
  if (found === undefined) throw new Error(`nothing was measured for ${peer}`)
  return found
}
