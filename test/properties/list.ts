import type { StreamError } from "@effect-avara/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { broken, customerOf, halfBody, json, type Reply, refused, text, withoutContent } from "./server.js"

/** A reply that is not a page, and how the client must treat it. */
export interface Fault {
  readonly name: string
  readonly reply: Reply
  readonly tag: StreamError["_tag"]
  /** The page of a walk from which the server refuses cursors, which ends the list. */
  readonly refusesCursorFrom?: number
}

const status = (code: number, tag: Fault["tag"], headers: Readonly<Record<string, string>> = {}): Fault => ({
  name: `${code} ${JSON.stringify(headers)}`,
  reply: refused(code, headers),
  tag
})

const connection = (code: string): Fault => ({ name: code, reply: broken(code), tag: "ConnectionFailed" })

const invalid = (name: string, reply: Reply): Fault => ({ name, reply, tag: "InvalidResponse" })

const row = customerOf("cus_1")

/** Transient faults: the client asks again. */
export const passing: readonly [Fault, ...ReadonlyArray<Fault>] = [
  connection("ECONNRESET"),
  connection("ECONNREFUSED"),
  connection("ENOTFOUND"),
  connection("UND_ERR_SOCKET"),
  { name: "a stall", reply: Effect.never, tag: "TimedOut" },
  { name: "half a body", reply: halfBody, tag: "TimedOut" },
  status(408, "UnexpectedStatus"),
  status(429, "RateLimited"),
  status(429, "RateLimited", { "retry-after": "7" }),
  status(429, "RateLimited", { "retry-after": "-5" }),
  status(429, "RateLimited", { "retry-after": "soon" }),
  status(500, "ServerError"),
  status(502, "ServerError"),
  status(503, "ServerError"),
  status(503, "ServerError", { "retry-after-ms": "300" }),
  status(504, "ServerError"),
  status(520, "ServerError"),
  invalid("HTML", text("<html><body>Bad Gateway</body></html>")),
  invalid("cut JSON", text('{"expressCustomers":[],"hasMo')),
  invalid("no body", withoutContent)
]

/** Permanent faults: the list fails immediately. */
export const lasting: readonly [Fault, ...ReadonlyArray<Fault>] = [
  invalid("a list alone", json([row])),
  invalid("null", json(null)),
  invalid("no hasMore", json({ expressCustomers: [row] })),
  invalid("hasMore as text", json({ expressCustomers: [row], hasMore: "false" })),
  invalid("no customers", json({ hasMore: false })),
  invalid("a cursor of another type", json({ expressCustomers: [row], hasMore: true, cursor: 20 })),
  invalid("a wrong customer", json({ expressCustomers: [row, { ...row, isActive: "yes" }], hasMore: false })),
  connection("CERT_HAS_EXPIRED"),
  status(302, "UnexpectedStatus", { location: "https://example.com" }),
  { ...status(400, "Validation"), refusesCursorFrom: 1 },
  status(401, "Unauthorized"),
  status(403, "Forbidden"),
  { ...status(404, "UnexpectedStatus"), refusesCursorFrom: 2 },
  status(429, "RateLimited", { "retry-after": "3600" }),
  status(500, "ServerError", { "x-should-retry": "false" }),
  status(501, "ServerError")
]

/** The changes to a page before it is served, and how it is served. */
export interface PageScript {
  readonly faults: ReadonlyArray<Fault>
  /** The maximum number of rows, whatever the client asks for. */
  readonly size: number
  /** How many rows of the previous page are repeated. */
  readonly overlap: number
  /** Rows inserted before the page is served, and their place: from 0 for the front to 1 for the end. */
  readonly inserted: number
  readonly insertedAt: number
  readonly breach: "repeatedCursor" | "missingCursor" | undefined
}

const encode = (offset: number, serial: number) => btoa(JSON.stringify({ offset, serial }))

const offsetOf = (cursor: string): number => (JSON.parse(atob(cursor)) as { readonly offset: number }).offset

export const idAt = (index: number) =>
  index % 3 === 0 ? `cus_row-${index}` : `cus_${index.toString(16).padStart(32, "0")}`

/** A list with offset cursors, each of them different. */
export const makeList = (ids: ReadonlyArray<string>, scripts: ReadonlyArray<PageScript>, isLateToEnd: boolean) => {
  const rows = [...ids]
  const queue = scripts.map((script) => ({ ...script, faults: [...script.faults] }))
  let serial = 0
  let asked: Array<string> = []
  let attempts = 0
  let pagesInWalk = 0
  let served = 0
  let requests = 0
  /** The outcome that the last reply must cause, if any. */
  let last: Fault["tag"] | undefined
  /** When the fault that ends this walk occurred. */
  let endedAt: number | undefined
  let afterEnd = 0

  const insert = ({ inserted, insertedAt }: PageScript) => {
    const fresh = Array.from({ length: inserted }, (_, index) => `cus_new-${serial}-${index}`)
    rows.splice(Math.round(insertedAt * rows.length), 0, ...fresh)
  }

  const page = (cursor: string | null, limit: number, script: PageScript | undefined): Reply => {
    if (script !== undefined) insert(script)
    serial += 1
    pagesInWalk += 1
    const offset = cursor === null ? 0 : offsetOf(cursor)
    const end = Math.min(rows.length, offset + Math.min(limit, script?.size ?? limit))
    const items = rows.slice(Math.max(0, offset - (script?.overlap ?? 0)), end)
    const hasMore = end < rows.length || (isLateToEnd && items.length > 0)
    served += items.length
    const repeated = asked[Math.floor(asked.length / 2)]
    const isBroken =
      script?.breach === "missingCursor" || (script?.breach === "repeatedCursor" && repeated !== undefined)
    last = isBroken ? "BrokenPagination" : undefined
    const expressCustomers = items.map((id) => customerOf(id))
    if (script?.breach === "missingCursor") return json({ expressCustomers, hasMore: true })
    const next = script?.breach === "repeatedCursor" && repeated !== undefined ? repeated : encode(end, serial)
    return json({ expressCustomers, hasMore: hasMore || isBroken, cursor: next })
  }

  const answer = (url: URL): Reply => {
    const cursor = url.searchParams.get("cursor")
    if (cursor !== null && asked.at(-1) !== cursor) {
      asked.push(cursor)
      attempts = 0
    }
    attempts += 1
    requests += 1
    if (endedAt !== undefined) afterEnd += 1
    const fault = queue[0]?.faults.shift()
    if (fault !== undefined) {
      const { refusesCursorFrom = Number.POSITIVE_INFINITY } = fault
      last = cursor !== null && pagesInWalk + 1 >= refusesCursorFrom ? "BrokenPagination" : fault.tag
      return Effect.flatMap(Clock.currentTimeMillis, (now) => {
        if (lasting.includes(fault)) endedAt = now
        return fault.reply
      })
    }
    return page(cursor, Number(url.searchParams.get("limit")), queue.shift())
  }

  return {
    answer,
    startWalk: () => {
      asked = []
      attempts = 0
      pagesInWalk = 0
      last = undefined
      endedAt = undefined
    },
    rows: rows as ReadonlyArray<string>,
    last: () => last,
    /** How often this walk requested the last page. */
    attempts: () => attempts,
    endedAt: () => endedAt,
    /** How many requests any walk sent after a permanent fault. */
    afterEnd: () => afterEnd,
    served: () => served,
    requests: () => requests
  }
}
