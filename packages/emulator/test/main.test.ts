import { type ChildProcess, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { listening } from "../../../test/support/listen.js"
import { program } from "../../../test/support/programs.js"
import { key } from "./support.js"

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

interface Running {
  readonly process: ChildProcess
  readonly url: Promise<string>
  readonly ended: Promise<Ended>
}

const start = (...flags: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.sync((): Running => {
      const child = spawn(process.execPath, [program("emulator"), ...flags])
      let out = ""
      let err = ""
      const url = new Promise<string>((resolve) => {
        child.stdout.on("data", (chunk) => {
          out += chunk
          const found = /at (http:\S+)/.exec(out)?.[1]
          if (found !== undefined) resolve(found)
        })
      })
      child.stderr.on("data", (chunk) => {
        err += chunk
      })
      const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, out, err })))
      return { process: child, url, ended }
    }),
    ({ process }) => Effect.sync(() => process.kill("SIGKILL"))
  )

const run = (...flags: ReadonlyArray<string>) =>
  Effect.scoped(Effect.flatMap(start(...flags), ({ ended }) => Effect.promise(() => ended)))

describe("main", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it.scopedLive(
      `responds, and ${signal} ends it within a second`,
      () =>
        Effect.gen(function* () {
          const running = yield* start("--port", "0", "--customers", "30")
          const url = yield* Effect.promise(() => running.url)
          const list = yield* Effect.promise(() =>
            fetch(`${url}/v1/express?limit=100`, { headers: { authorization: `Bearer ${key}` } }).then((answer) =>
              answer.json()
            )
          )
          expect(list).toMatchObject({ hasMore: false, expressCustomers: { length: 30 } })
          const page = yield* Effect.promise(() => fetch(url).then((answer) => answer.text()))
          expect(page).toContain("<title>Avara emulator</title>")
          const started = performance.now()
          running.process.kill(signal)
          const { code, err } = yield* Effect.promise(() => running.ended)
          expect(performance.now() - started).toBeLessThan(1000)
          expect([0, 130]).toContain(code)
          expect(err).toBe("")
        }),
      20_000
    )
  }

  it.scopedLive(
    "keeps every acknowledged change in its file, even if it is killed",
    () =>
      Effect.gen(function* () {
        const directory = yield* Effect.acquireRelease(
          Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "emulator-"))),
          (directory) => Effect.sync(() => fs.rmSync(directory, { recursive: true }))
        )
        const flags = ["--port", "0", "--customers", "5", "--file", path.join(directory, "customers.db")]
        const first = yield* start(...flags)
        const url = yield* Effect.promise(() => first.url)
        yield* Effect.promise(() =>
          fetch(`${url}/v1/express`, {
            method: "POST",
            headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
            body: '{"expressCustomerName":"kept"}'
          }).then((answer) => answer.text())
        )
        first.process.kill("SIGKILL")
        yield* Effect.promise(() => first.ended)
        const second = yield* start(...flags)
        yield* Effect.promise(() => second.url)
        second.process.kill("SIGTERM")
        expect((yield* Effect.promise(() => second.ended)).out).toMatch(/emulator: 6 customers/)
      }),
    20_000
  )

  it.live(
    "refuses invalid flags in one line",
    () =>
      Effect.gen(function* () {
        const wrong = [
          ["--nope"],
          ["--port", "70000"],
          ["--customers", "-1"],
          ["--seed", "x"],
          ["--cors", "*"],
          ["extra"]
        ]
        const results = yield* Effect.forEach(wrong, (flags) => run(...flags), { concurrency: 2 })
        for (const { code, err, out } of results) {
          expect(code).toBe(2)
          expect(err.trimEnd().split("\n")).toHaveLength(1)
          expect(err).toMatch(/^avara-emulator: /)
          expect(out).toBe("")
        }
      }),
    30_000
  )

  it.scopedLive(
    "reports in one line that its port is in use or its file cannot be used",
    () =>
      Effect.gen(function* () {
        const port = yield* listening(net.createServer())
        const [busy, file, help] = yield* Effect.all(
          [run("--port", String(port), "--customers", "1"), run("--port", "0", "--file", os.tmpdir()), run("--help")],
          { concurrency: 2 }
        )
        expect([busy.code, busy.out]).toEqual([1, ""])
        expect(busy.err).toBe(`avara-emulator: port ${port} of 127.0.0.1 is in use by another program\n`)
        expect(file.code).toBe(1)
        expect(file.err.trimEnd().split("\n")).toHaveLength(1)
        expect(file.err).toContain(os.tmpdir())
        expect([help.code, help.err]).toEqual([0, ""])
        expect(help.out).toContain("--customers")
      }),
    20_000
  )
})
