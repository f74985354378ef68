/** Runs the smoke programs in a browser and in a worker. */
import { type ChildProcess, spawn } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { Readable } from "node:stream"
import * as Effect from "effect/Effect"
import { Chromium } from "../browser/chromium.js"
import { listen } from "../support/listen.js"
import { folderOf } from "./install.js"
import { problemsOf } from "./result.js"
import { type Column, chromiumTitle, columns, webCells, workerdDownload, workerdTitle } from "./runtimes.js"
import { serve } from "./servers.js"
import type { Use } from "./smoke/web.js"

type Run = (use: Use) => Promise<string>

const isPart = (column: Column): column is Use["name"] => column !== "command"

/** Runs every part, each with its own server. */
const tryParts = (title: string, run: Run, origin?: string) =>
  Effect.forEach(columns.filter(isPart), (name) =>
    Effect.gen(function* () {
      const servers = { ...(yield* serve("", origin)), isBlind: true }
      const output = yield* Effect.promise(() => run({ name, servers }))
      return problemsOf(title, name, webCells[name], { hasFailed: output !== "", output })
    }).pipe(Effect.scoped)
  ).pipe(Effect.map((problems) => problems.flat()))

/** Serves a page with the smoke programs, and returns its origin. */
const servePage = (folder: string) => {
  const script = readFileSync(join(folder, "page.js"))
  return listen(
    createServer((request, response) => {
      const isScript = request.url === "/page.js"
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html")
      response.end(isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>')
    })
  )
}

export const tryChromium = (folder: string) =>
  Effect.gen(function* () {
    const origin = yield* servePage(folder)
    const page = yield* Effect.flatMap(Chromium, (browser) => Effect.promise(() => browser.newPage()))
    yield* Effect.promise(() => page.goto(origin))
    yield* Effect.promise(() => page.waitForFunction("'use' in globalThis"))
    const run: Run = (use) => page.evaluate(`use(${JSON.stringify(use)})`)
    return yield* tryParts(chromiumTitle, run, origin)
  }).pipe(Effect.scoped, Effect.provide(Chromium.layer))

const workerdConfig = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "2026-11-01"
    )),
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true)))
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
`

const startWorkerd = (folder: string) =>
  Effect.sync(() => {
    const config = join(folder, "workerd.capnp")
    writeFileSync(config, workerdConfig)
    const program = join(folderOf(folder, workerdDownload), "bin/workerd")
    return spawn(program, ["serve", config, "--control-fd=3"], { stdio: ["ignore", "ignore", "pipe", "pipe"] })
  })

/** The port of the worker, which workerd writes as JSON to a file descriptor. */
const portOf = ({ stderr, stdio: [, , , control] }: ChildProcess) =>
  Effect.async<number>((resume) => {
    let errors = ""
    stderr?.on("data", (chunk) => {
      errors += String(chunk)
    })
    if (!(control instanceof Readable)) return resume(Effect.dieMessage("workerd has no control channel"))
    const lines = createInterface({ input: control })
    lines.on("line", (line) => resume(Effect.succeed(JSON.parse(line).port)))
    lines.on("close", () => resume(Effect.dieMessage(`workerd did not start: ${errors}`)))
  })

export const tryWorkerd = (folder: string) =>
  Effect.gen(function* () {
    const workerd = yield* Effect.acquireRelease(startWorkerd(folder), (child) => Effect.sync(() => child.kill()))
    const port = yield* portOf(workerd)
    const run: Run = async (use) => {
      const response = await fetch(`http://127.0.0.1:${port}`, { method: "POST", body: JSON.stringify(use) })
      return response.text()
    }
    return yield* tryParts(workerdTitle, run)
  }).pipe(Effect.scoped)
