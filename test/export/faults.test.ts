/** Pages that break on the wire: the file is complete, or missing until the resumed export completes it. */
import * as fs from "node:fs"
import * as path from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { describe, expect, it } from "@effect/vitest"
import { RetryPolicy } from "@effect-avara/core"
import { Export, Sink } from "@effect-avara/export"
import { NodeAvara } from "@effect-avara/node"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { type Answer, answer, close, half, json, makeFaultServer, reset, stall } from "../faults/support/server.js"
import { directory } from "./support.js"

const limit = 10

const rows = Array.from({ length: 50 }, (_, index) => ({
  expressCustomerId: `cus_${String(index).padStart(32, "0")}`,
  expressCustomerName: `Clinic ${index}`,
  isActive: true,
  userCount: index,
  createdAt: "2024-01-15T09:00:00.123456Z",
  updatedAt: null
}))

const whole = rows.map((row) => `${JSON.stringify(row)}\n`).join("")

const pageFrom = (offset: number) => {
  const next = offset + limit
  return {
    expressCustomers: rows.slice(offset, next),
    ...(next < rows.length ? { hasMore: true, cursor: String(next) } : { hasMore: false })
  }
}

const faultyOffset = 20

const page = pageFrom(faultyOffset)

const truncated = answer(200, JSON.stringify(page).slice(0, -40), { "content-type": "application/json" })

interface Fault {
  readonly answer: Answer
  /** The failure of an export if the fault persists; undefined if the fault does no harm. */
  readonly error?: string
  /** Whether the page is requested again. */
  readonly isRetried?: boolean
  readonly timeout?: "250 millis"
}

const faults: Readonly<Record<string, Fault>> = {
  "a connection that is reset in the middle of a body": {
    answer: [...half(page), reset],
    error: "ConnectionFailed",
    isRetried: true
  },
  "a connection that is closed in the middle of a body": {
    answer: [...half(page), close],
    error: "ConnectionFailed",
    isRetried: true
  },
  "a body that stops coming": {
    answer: [...half(page), stall],
    error: "TimedOut",
    isRetried: true,
    timeout: "250 millis"
  },
  "JSON that is cut off": { answer: truncated, error: "InvalidResponse", isRetried: true },
  "an empty body": { answer: answer(200), error: "InvalidResponse", isRetried: true },
  "HTML of a proxy": { answer: answer(200, "<html>"), error: "InvalidResponse", isRetried: true },
  "520 of a proxy": { answer: answer(520, "<html>"), error: "ServerError", isRetried: true },
  "JSON of another shape": { answer: json({ ...page, hasMore: "yes" }), error: "InvalidResponse" },
  "429 with a wait": {
    answer: answer(429, "", { "retry-after-ms": "1" }),
    error: "RateLimited",
    isRetried: true
  },
  "502 of a proxy": { answer: answer(502, "<html>"), error: "ServerError", isRetried: true },
  "a repeated cursor": { answer: json({ ...page, cursor: String(faultyOffset) }), error: "BrokenPagination" },
  "hasMore without a cursor": { answer: json({ ...page, cursor: undefined }), error: "BrokenPagination" },
  "customers that come again": {
    answer: json({ ...page, expressCustomers: [...pageFrom(0).expressCustomers, ...page.expressCustomers] })
  }
}

/** A client of a server whose page has the fault `times` times. */
const clientOf = ({ answer: fault, timeout }: Fault, times: number) =>
  Effect.gen(function* () {
    let left = times
    const { port } = yield* makeFaultServer({
      script: ({ query }) => {
        const offset = Number(query["cursor"] ?? 0)
        return offset === faultyOffset && left-- > 0 ? fault : json(pageFrom(offset))
      }
    })
    return NodeAvara.layer({
      apiKey: Redacted.make(`sk_live_${"0".repeat(32)}`),
      baseUrl: `http://127.0.0.1:${port}`,
      retry: RetryPolicy.make(Schedule.recurs(1)),
      ...(timeout === undefined ? {} : { timeout })
    })
  })

const exportTo = (file: string, fault: Fault, times: number) =>
  Effect.gen(function* () {
    const client = yield* clientOf(fault, times)
    const run = Export.run({ sink: Sink.ndjson(file), limit, resume: true })
    return yield* Effect.provide(run, [client, NodeFileSystem.layer, NodePath.layer])
  })

const isWhole = (file: string) => {
  expect(fs.readFileSync(file, "utf8")).toBe(whole)
  expect(fs.readdirSync(path.dirname(file))).toEqual([path.basename(file), `${path.basename(file)}.manifest.json`])
}

const newFile = Effect.map(directory, (folder) => path.join(folder, "customers.ndjson"))

/** An export that fails with the fault and resumes without it. */
const failsAndResumes = (fault: Fault, times: number) =>
  Effect.gen(function* () {
    const file = yield* newFile
    const error = yield* Effect.flip(exportTo(file, fault, times))
    expect(error).toMatchObject({ _tag: fault.error, message: expect.stringMatching(/^customers\.list: \S.*$/) })
    expect(fs.existsSync(file)).toBe(false)
    const resumed = yield* exportTo(file, fault, 0)
    expect(resumed).toMatchObject({ rows: rows.length, pages: rows.length / limit })
    isWhole(file)
  })

const endsWhole = (fault: Fault, times: number) =>
  Effect.gen(function* () {
    const file = yield* newFile
    expect(yield* exportTo(file, fault, times)).toMatchObject({ rows: rows.length })
    isWhole(file)
  })

describe("an export over", () => {
  for (const [name, fault] of Object.entries(faults)) {
    it.scopedLive(name, () =>
      Effect.gen(function* () {
        const goesOn = fault.error === undefined || fault.isRetried === true
        yield* (goesOn ? endsWhole : failsAndResumes)(fault, 1)
        if (fault.error !== undefined) yield* failsAndResumes(fault, Number.POSITIVE_INFINITY)
      })
    )
  }
})
