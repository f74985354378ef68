import { type ChildProcess, execFile, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as http from "node:http"
import type * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { createInterface } from "node:readline"
import * as SqlClient from "@effect/sql/SqlClient"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

export { postgres } from "./postgres.js"

/** A directory that is removed when the scope closes; other users can enter it. */
export const directory = Effect.acquireRelease(
  Effect.sync(() => {
    const made = fs.mkdtempSync(path.join(os.tmpdir(), "avara-export-"))
    fs.chmodSync(made, 0o755)
    return made
  }),
  (made) => Effect.sync(() => fs.rmSync(made, { recursive: true, force: true }))
)

/** A process that runs to its end, or is killed when the scope closes. */
const spawned = (args: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync(() => spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] })),
    (child) => Effect.sync(() => child.kill("SIGKILL"))
  )

/** The first line of a process's output that matches a pattern. */
const lineOf = (child: ChildProcess, pattern: RegExp): Effect.Effect<string> =>
  Effect.async((resume) => {
    const { stdout } = child
    if (stdout === null) return
    createInterface(stdout).on("line", (line) => {
      if (pattern.test(line)) resume(Effect.succeed(line))
    })
  })

const portOf = (server: net.Server): number => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

interface ListPage {
  readonly hasMore: boolean
  readonly cursor?: string
}

/** The emulator's pages of its customers, by cursor. */
const pagesOf = (customers: number, limit: number) =>
  Effect.gen(function* () {
    const { apiKey, url } = yield* Emulator.Emulator
    const headers = { authorization: `Bearer ${Redacted.value(apiKey)}` }
    return yield* Effect.promise(async () => {
      const pages = new Map<string, string>()
      for (let cursor: string | undefined = ""; cursor !== undefined; ) {
        const query: string = new URLSearchParams({
          limit: String(limit),
          ...(cursor === "" ? {} : { cursor })
        }).toString()
        const body = await (await fetch(`${url}/v1/express?${query}`, { headers })).text()
        const page: ListPage = JSON.parse(body)
        pages.set(cursor, body)
        cursor = page.hasMore ? page.cursor : undefined
      }
      return pages
    })
  }).pipe(Effect.provide(Emulator.layer({ customers })))

/** A server of the emulator's list that is cheap to read; returns its URL. */
export const list = (customers: number, limit: number) =>
  Effect.gen(function* () {
    const pages = yield* pagesOf(customers, limit)
    const server = http.createServer(({ url = "" }, response) => {
      const page = pages.get(new URL(url, "http://list").searchParams.get("cursor") ?? "")
      response.writeHead(page === undefined ? 400 : 200, { "content-type": "application/json" }).end(page)
    })
    yield* Effect.acquireRelease(
      Effect.async<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void))),
      () =>
        Effect.sync(() => {
          server.closeAllConnections()
          server.close()
        })
    )
    return `http://127.0.0.1:${portOf(server)}`
  })

export interface Output {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end with only the given environment. */
export const run = (
  [file = "", ...args]: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>
): Effect.Effect<Output> =>
  Effect.async((resume) => {
    const options = { env: { PATH: process.env["PATH"], ...env }, maxBuffer: Number.POSITIVE_INFINITY }
    const child = execFile(file, args, options, (_, stdout, stderr) => {
      resume(Effect.succeed({ code: child.exitCode, stdout, stderr }))
    })
    return Effect.sync(() => child.kill("SIGKILL"))
  })

/** A child's destination, and its output before it ended. */
export interface Ended {
  readonly killed: boolean
  readonly code: number | null
  /** The time from its first line to its end. */
  readonly millis: number
}

/** Runs the child, and kills it some time after its first line. */
export const runChild = (
  script: string,
  args: ReadonlyArray<string>,
  killAfter: number | undefined
): Effect.Effect<Ended> =>
  Effect.scoped(
    Effect.gen(function* () {
      const child = yield* spawned([script, ...args])
      const ended = Effect.async<Omit<Ended, "millis">>((resume) => {
        child.once("exit", (code, signal) => resume(Effect.succeed({ code, killed: signal === "SIGKILL" })))
      })
      const waiting = yield* Effect.fork(ended)
      yield* Effect.yieldNow()
      yield* Effect.raceFirst(lineOf(child, /started/), ended)
      const began = performance.now()
      const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter)
      const { code, killed } = yield* waiting
      clearTimeout(timer)
      return { code, killed, millis: performance.now() - began }
    })
  )

/** The rows that an export wrote into the table, without the time of the export. */
export const tableOf = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<Record<string, unknown>>`SELECT * FROM avara_customers ORDER BY ${sql("expressCustomerId")}`
  return rows.map(({ lastSeenAt: _, ...row }) => row)
})

/** Random numbers from 0 to 1 for a seed. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
