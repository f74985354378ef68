/** The command line of `pnpm start`, taken from the root package.json, in a separate directory. */
import * as fs from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { node, temporaryDirectory } from "./support/process.js"
import { serve } from "./support/server.js"

const root = fileURLToPath(new URL("../..", import.meta.url))

const apiKey = "sk_live_0123456789abcdef0123456789abcdef"

/** The arguments of Node: those in the first line of the command that the script names, and the rest of the script. */
const startArguments = (): ReadonlyArray<string> => {
  const { scripts }: { scripts: { start: string } } = JSON.parse(fs.readFileSync(join(root, "package.json"), "utf8"))
  const [command, ...args] = scripts.start.split(" ")
  const program = `packages/cli/bin/${command}.ts`
  const [, flags = ""] = /^#!\/usr\/bin\/env -S node (.*)$/m.exec(fs.readFileSync(join(root, program), "utf8")) ?? []
  return [...flags.split(" "), program, ...args]
}

/** A directory in which the command finds its sources and writes as in the repository. */
const workingDirectory = Effect.tap(temporaryDirectory, (cwd) =>
  Effect.sync(() => {
    for (const name of ["packages", "node_modules"]) fs.symlinkSync(join(root, name), join(cwd, name))
  })
)

const start = (cwd: string, env: Readonly<Record<string, string>> = {}) => node({ args: startArguments(), cwd, env })

const run = (cwd: string, env: Readonly<Record<string, string>> = {}) =>
  Effect.flatMap(start(cwd, env), ({ ended }) => ended)

const idsIn = (cwd: string) =>
  fs
    .readFileSync(join(cwd, "out/customers.ndjson"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line).expressCustomerId)

const page = (id: number, hasMore: boolean) =>
  JSON.stringify({
    expressCustomers: [
      {
        expressCustomerId: `cus_${String(id).padStart(32, "0")}`,
        expressCustomerName: "City Medical Center",
        isActive: true,
        userCount: 0,
        createdAt: null,
        updatedAt: null
      }
    ],
    hasMore,
    ...(hasMore ? { cursor: "second" } : {})
  })

const isSecond = (url: string | undefined) => url?.includes("cursor=") === true

describe("pnpm start", () => {
  it.scopedLive("exports from the embedded emulator without a key, and reports that", () =>
    Effect.gen(function* () {
      const cwd = yield* workingDirectory
      const { code, stderr, stdout } = yield* run(cwd)
      const ids = idsIn(cwd)
      expect([ids.length, new Set(ids).size]).toEqual([10_000, 10_000])
      expect(fs.readdirSync(join(cwd, "out"))).toEqual(["customers.ndjson", "customers.ndjson.manifest.json"])
      expect(stderr.replaceAll(/^\[.*\n/gm, "")).toMatch(
        /^AVARA_API_KEY is not set: using the embedded emulator at http:\/\/127\.0\.0\.1:\d+ with 10,000 customers\n$/
      )
      expect(stdout).toMatch(
        /^Exported 10,000 customers to \S+\/out\/customers\.ndjson\n {2}pages {4}100\n {2}elapsed {2}\d+\.\d s\n {2}rate {5}[\d,]+ rows\/s\n {2}retries {2}0\n {2}sha256 {3}[\da-f]{64}\n$/
      )
      expect(code).toBe(0)
    })
  )

  it.scopedLive("exports from the base URL with a key, and replaces the file of an earlier run", () =>
    Effect.gen(function* () {
      const { customers, url } = yield* Emulator.Emulator
      const cwd = yield* workingDirectory
      const staging = join(cwd, "out", ".customers.ndjson.avara")
      fs.mkdirSync(staging, { recursive: true, mode: 0o700 })
      fs.writeFileSync(join(staging, "marker.json"), '{"format":"avara-export-staging","version":1}\n')
      for (const path of [join(cwd, "out/customers.ndjson"), join(staging, "rows"), join(staging, "checkpoint.json")]) {
        fs.writeFileSync(path, "older\n")
      }
      const { code, stderr } = yield* run(cwd, { AVARA_API_KEY: apiKey, AVARA_BASE_URL: url })
      expect(stderr).toBe(`AVARA_API_KEY is set: using ${url}\n`)
      expect(code).toBe(0)
      expect(idsIn(cwd)).toEqual((yield* customers).map(({ expressCustomerId }) => expressCustomerId))
      expect(fs.readdirSync(join(cwd, "out"))).toEqual(["customers.ndjson", "customers.ndjson.manifest.json"])
    }).pipe(Effect.provide(Emulator.layer({ customers: 1234 })))
  )

  it.scopedLive("counts its retries", () =>
    Effect.gen(function* () {
      let refused = 0
      const url = yield* serve((request, response) => {
        if (isSecond(request.url) && refused++ === 0) response.writeHead(503, { "retry-after-ms": "1" }).end()
        else
          response
            .writeHead(200, { "content-type": "application/json" })
            .end(isSecond(request.url) ? page(2, false) : page(1, true))
      })
      const { stdout } = yield* run(yield* workingDirectory, { AVARA_API_KEY: apiKey, AVARA_BASE_URL: url })
      expect(stdout).toMatch(/^Exported 2 customers.* {2}retries {2}1\n/s)
    })
  )

  it.scopedLive("ends on Ctrl-C with the command that resumes", () =>
    Effect.gen(function* () {
      const isMidway = yield* Deferred.make<void>()
      const url = yield* serve((request, response) => {
        if (isSecond(request.url)) return Deferred.unsafeDone(isMidway, Effect.void)
        response.writeHead(200, { "content-type": "application/json" }).end(page(1, true))
      })
      const cwd = yield* workingDirectory
      const { ended, kill } = yield* start(cwd, { AVARA_API_KEY: apiKey, AVARA_BASE_URL: url })
      yield* Deferred.await(isMidway)
      yield* kill("SIGINT")
      const { code, stderr, stdout } = yield* ended
      expect(stderr).toMatch(
        /\n {2}pnpm avara export customers --out out\/customers\.ndjson --table --emulator-without-key 10000 --resume\n$/
      )
      expect([code, stdout]).toEqual([130, ""])
      expect(fs.existsSync(join(cwd, "out/customers.ndjson"))).toBe(false)
    })
  )
})
