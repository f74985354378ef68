import { fork } from "node:child_process"
import { once } from "node:events"
import { setImmediate as nextTurn } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { expect, it } from "@effect/vitest"
import { type AvaraError, Customers, CustomerUsers, RetryPolicy } from "@effect-avara/core"
import { NodeAvara } from "@effect-avara/node"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { scaled } from "../support/scale.js"
import type { Answer, Question } from "./server.js"

const total = scaled(100_000)

const slices = 20

const width = 16

const customerId = "cus_1234567890abcdef1234567890abcdef"

const userId = "usr_1234567890abcdef1234567890abcdef"

setFlagsFromString("--expose-gc")

const collectGarbage = runInNewContext("gc") as () => void

/** A server in a separate process, whose memory is not measured. */
const server = Effect.acquireRelease(
  Effect.promise(async () => {
    const child = fork(fileURLToPath(new URL("server.ts", import.meta.url)), {
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      execArgv: ["--import", "tsx"]
    })
    const [answer] = (await once(child, "message")) as [Answer]
    return { child, port: "port" in answer ? answer.port : 0 }
  }),
  ({ child }) => Effect.sync(() => child.kill())
).pipe(
  Effect.map(({ child, port }) => ({
    port,
    connections: Effect.promise(async () => {
      const question: Question = "connections"
      child.send(question)
      const [answer] = (await once(child, "message")) as [Answer]
      return "open" in answer ? answer : { open: Number.NaN, made: Number.NaN, faults: Number.NaN }
    })
  }))
)

const calls = Effect.gen(function* () {
  const customers = yield* Customers
  const users = yield* CustomerUsers
  return [
    customers.retrieve(customerId),
    customers.list({ limit: 1 }),
    customers.update(customerId, { expressCustomerName: "City Medical Center" }),
    customers.create({ expressCustomerName: "City Medical Center" }),
    users.add(customerId, userId),
    users.remove(customerId, userId)
  ] as const satisfies ReadonlyArray<Effect.Effect<unknown, AvaraError>>
})

interface Sample {
  readonly heap: number
  /** Connections that the server sees open. */
  readonly sockets: number
  readonly listeners: number
}

/** A second collection frees what finalizers release. */
const garbage = Effect.repeatN(Effect.zipRight(Effect.sync(collectGarbage), Effect.promise(nextTurn)), 2)

const sample = (sockets: number) =>
  Effect.map(
    garbage,
    (): Sample => ({
      heap: process.memoryUsage().heapUsed,
      sockets,
      listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
    })
  )

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** The medians of a fifth of the samples, from 0. */
const fifth = (samples: ReadonlyArray<Sample>, number: number) => {
  const some = samples.slice((number * slices) / 5, ((number + 1) * slices) / 5)
  return {
    heapMegabytes: Math.round(median(some.map(({ heap }) => heap)) / 1e4) / 100,
    sockets: median(some.map(({ sockets }) => sockets)),
    listeners: median(some.map(({ listeners }) => listeners))
  }
}

/** Warnings about listeners that are never removed. */
const leakWarnings = Effect.acquireRelease(
  Effect.sync(() => {
    const names: Array<string> = []
    const listen = ({ name }: Error) => names.push(name)
    process.on("warning", listen)
    return { names, listen }
  }),
  ({ listen }) => Effect.sync(() => process.off("warning", listen))
)

it.scopedLive(
  `${total} calls with 5 % faults leave memory, sockets and listeners as they were`,
  () =>
    Effect.gen(function* () {
      const { connections, port } = yield* server
      const warnings = yield* leakWarnings
      const outcomes = new Map<string, number>()
      const samples: Array<Sample> = []

      const client = NodeAvara.layer({
        apiKey: Redacted.make("sk_live_0123456789abcdef0123456789abcdef"),
        baseUrl: `http://127.0.0.1:${port}`,
        timeout: "250 millis",
        retry: RetryPolicy.make(Schedule.recurs(2)),
        retryBudget: Infinity
      })

      const count = (outcome: Either.Either<unknown, AvaraError>) => {
        const name = Either.match(outcome, { onLeft: ({ _tag }) => _tag, onRight: () => "value" })
        outcomes.set(name, (outcomes.get(name) ?? 0) + 1)
      }

      yield* Effect.gen(function* () {
        const all = yield* calls
        const call = (number: number) =>
          Effect.map(Effect.either<unknown, AvaraError, never>(all[number % all.length] ?? all[0]), count)
        for (let slice = 0; slice < slices; slice++) {
          const numbers = Array.from({ length: Math.ceil(total / slices) }, (_, number) => number)
          yield* Effect.forEach(numbers, call, { concurrency: width, discard: true })
          samples.push(yield* sample((yield* connections).open))
        }
      }).pipe(Effect.provide(client))

      const early = fifth(samples, 1)
      const late = fifth(samples, 4)
      const after = yield* Effect.repeat(connections, { until: ({ open }) => open === 0, times: 200 })
      console.log("soak:", JSON.stringify({ total, outcomes: Object.fromEntries(outcomes), early, late, after }))

      expect(late.heapMegabytes).toBeLessThan(early.heapMegabytes * 1.1)
      expect(late.sockets).toBeLessThanOrEqual(early.sockets + width)
      expect(late.listeners).toBe(early.listeners)
      expect(warnings.names).toEqual([])
      expect(after.open).toBe(0)
      expect(after.faults).toBeGreaterThan(total / 25)
      expect(outcomes.get("value")).toBeGreaterThan(total * 0.9)
    }),
  1_800_000
)
