import * as Effect from "effect/Effect"
import type { Fault, Operation, SetFault } from "../Fault.js"

interface Entry {
  readonly id: string
  readonly fault: Fault
  requests: number
  fired: number
  /** The times of the requests in the last second, for `rateLimit`. */
  recent: ReadonlyArray<number>
}

/** The faults that are set. */
export interface Script {
  readonly set: (faults: ReadonlyArray<Fault>) => Effect.Effect<ReadonlyArray<string>>
  readonly add: (faults: ReadonlyArray<Fault>) => Effect.Effect<ReadonlyArray<string>>
  readonly remove: (id: string) => Effect.Effect<boolean>
  readonly clear: Effect.Effect<void>
  readonly list: Effect.Effect<ReadonlyArray<SetFault>>
  /** Returns the faults that affect a request, in their order. Each fault counts the request. */
  readonly meet: (operation: Operation, now: number) => ReadonlyArray<Fault>
}

const isDue = ({ fault: { nth, times }, requests }: Entry): boolean => {
  const first = nth ?? 1
  const count = times ?? (nth === undefined ? Number.POSITIVE_INFINITY : 1)
  return requests >= first && requests < first + count
}

const second = 1000

/** Checks whether a request exceeds the limit per second. Refused requests do not count. */
const isOverLimit = (entry: Entry, perSecond: number, now: number): boolean => {
  const recent = entry.recent.filter((time) => time > now - second)
  const isOver = recent.length >= perSecond
  entry.recent = isOver ? recent : [...recent, now]
  return isOver
}

/** Checks whether other faults can also affect the same request. */
export const isCombinable = ({ type }: Fault): boolean =>
  type === "delay" || type === "insertCustomer" || type === "deleteCustomer"

const fires = (entry: Entry, now: number): boolean =>
  isDue(entry) && (entry.fault.type !== "rateLimit" || isOverLimit(entry, entry.fault.perSecond, now))

export const makeScript = (): Script => {
  let entries: ReadonlyArray<Entry> = []
  let made = 0

  const enter = (faults: ReadonlyArray<Fault>): ReadonlyArray<Entry> =>
    faults.map((fault) => ({ id: `fault_${++made}`, fault, requests: 0, fired: 0, recent: [] }))

  const put = (kept: () => ReadonlyArray<Entry>) => (faults: ReadonlyArray<Fault>) =>
    Effect.sync(() => {
      const added = enter(faults)
      entries = [...kept(), ...added]
      return added.map(({ id }) => id)
    })

  const meet = (operation: Operation, now: number): ReadonlyArray<Fault> => {
    const concerned = entries.filter(({ fault }) => (fault.operation ?? operationOf(fault) ?? operation) === operation)
    const met: Array<Fault> = []
    for (const entry of concerned) {
      entry.requests++
      const isOver = met.some((fault) => !isCombinable(fault))
      if (isOver || !fires(entry, now)) continue
      entry.fired++
      met.push(entry.fault)
    }
    return met
  }

  return {
    set: put(() => []),
    add: put(() => entries),
    remove: (id) =>
      Effect.sync(() => {
        const kept = entries.filter((entry) => entry.id !== id)
        const isRemoved = kept.length < entries.length
        entries = kept
        return isRemoved
      }),
    clear: Effect.sync(() => {
      entries = []
    }),
    list: Effect.sync(() => entries.map(({ fault, fired, id }) => ({ ...fault, id, fired }))),
    meet
  }
}

const listFaults: ReadonlyArray<Fault["type"]> = ["repeatCursor", "missingCursor", "insertCustomer", "deleteCustomer"]

const operationOf = ({ type }: Fault): Operation | undefined =>
  listFaults.includes(type) ? "customers.list" : undefined
