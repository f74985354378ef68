import * as Either from "effect/Either"
import { CustomerPage } from "../../packages/core/src/Customer.js"
import { type Decode, decodeWith, interpret } from "../../packages/core/src/internal/decode/decoder.js"
import type { Measured } from "./jobs.js"
import { makeTally } from "./tally.js"
import { pageBody, pageSize } from "./wire.js"
import { serve } from "./worker.js"

const text = pageBody(0, pageSize).toString()

const compiled = decodeWith(CustomerPage)

const interpreted = interpret(CustomerPage)

const timed = <A>(run: () => A): readonly [value: A, milliseconds: number] => {
  globalThis.gc?.()
  const start = performance.now()
  const value = run()
  return [value, performance.now() - start]
}

const decodeAll = (decode: Decode<CustomerPage>, pages: ReadonlyArray<unknown>): ReadonlyArray<CustomerPage> =>
  pages.map((page) => Either.getOrThrow(decode(page)))

serve(async (job): Promise<Measured> => {
  const rounds = job.kind === "decode" ? job.rounds : 0
  const [pages, parse] = timed(() => Array.from({ length: rounds }, () => JSON.parse(text) as unknown))
  const [decoded, decode] = timed(() => decodeAll(compiled, pages))
  const [, stock] = timed(() => decodeAll(interpreted, pages))
  const { add, count } = makeTally()
  for (const { expressCustomerId } of decoded.at(-1)?.expressCustomers ?? []) add(expressCustomerId)
  return { wall: decode, cpu: 0, peakMemory: 0, ...count(), times: { parse, decode, stock } }
})
