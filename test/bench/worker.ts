import { setTimeout as sleep } from "node:timers/promises"
import type { Consumer, Job, Measured, Reply } from "./jobs.js"
import { peakMemory } from "./peakMemory.js"
import type { Consumed, Identified, Peer } from "./peer.js"
import { makeSink } from "./sink.js"
import { makeTally } from "./tally.js"
import { idAt } from "./wire.js"

type Counted = Pick<Measured, "distinct" | "total">

const measured = async (run: () => Promise<void>, count: () => Counted): Promise<Measured> => {
  const cpuBefore = process.cpuUsage()
  const start = performance.now()
  await run()
  const wall = performance.now() - start
  const { system, user } = process.cpuUsage(cpuBefore)
  const peak = peakMemory()
  return { wall, cpu: (system + user) / 1000, peakMemory: peak, ...count() }
}

const busy = (milliseconds: number): void => {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

const consume = (consumer: Consumer, milliseconds: number): Consumed => {
  if (milliseconds === 0) return undefined
  if (consumer === "timer") return sleep(milliseconds)
  busy(milliseconds)
  return undefined
}

const exportBy = (peer: Peer, by: "customer" | "effect" | "page"): Promise<Measured> => {
  const { add, count } = makeTally()
  const use = ({ expressCustomerId }: Identified) => add(expressCustomerId)
  return measured(() => {
    switch (by) {
      case "customer":
        return peer.eachCustomer(use)
      case "effect":
        return (peer.runForEach ?? peer.eachCustomer)(use)
      case "page":
        return peer.eachPage((page) => {
          page.forEach(use)
          return undefined
        })
    }
  }, count)
}

const consumePages = (peer: Peer, consumer: Consumer, milliseconds: number): Promise<Measured> => {
  const { add, count } = makeTally()
  return measured(
    () =>
      peer.eachPage((page) => {
        for (const { expressCustomerId } of page) add(expressCustomerId)
        return consume(consumer, milliseconds)
      }),
    count
  )
}

const retrieveMany = (peer: Peer, customers: number, operations: number, concurrency: number): Promise<Measured> => {
  const { add, count } = makeTally()
  const ids = Array.from({ length: operations }, (_, index) => idAt(index % customers))
  return measured(() => peer.retrieve(ids, concurrency, ({ expressCustomerId }) => add(expressCustomerId)), count)
}

/** The reader of the file counts the customers. */
const writeNdjson = (peer: Peer, file: string): Promise<Measured> =>
  measured(
    async () => {
      const sink = makeSink(file)
      await (peer.eachReceivedPage ?? peer.eachPage)(sink.write)
      await sink.end()
    },
    () => ({ distinct: 0, total: 0 })
  )

const perform = (peer: Peer, job: Exclude<Job, { kind: "decode" }>): Promise<Measured> => {
  switch (job.kind) {
    case "export":
      return exportBy(peer, job.by)
    case "consume":
      return consumePages(peer, job.consumer, job.milliseconds)
    case "retrieve":
      return retrieveMany(peer, job.customers, job.operations, job.concurrency)
    case "ndjson":
      return writeNdjson(peer, job.file)
  }
}

/** Runs one job after the other until its parent disconnects. */
export const serve = (work: (job: Job) => Promise<Measured>): void => {
  const reply = (answer: Reply) => process.send?.(answer)
  process.on("message", (job: Job) => {
    work(job).then(
      (result) => reply({ measured: result }),
      (error: unknown) => reply({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    )
  })
  process.once("disconnect", () => process.exit(0))
}

/** Runs jobs with one peer. */
export const servePeer = (peer: Peer): void =>
  serve((job) => (job.kind === "decode" ? Promise.reject(new Error("not a peer's job")) : perform(peer, job)))
