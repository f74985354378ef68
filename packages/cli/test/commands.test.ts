/** Every command that makes one call, against the emulator, and as a separate process at least once. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, layer } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import { freePort } from "../../../test/support/listen.js"
import { runAgainstEmulator } from "./inProcess.js"
import { stubEnvironment } from "./stubEnvironment.js"
import {
  apiKey,
  emulatorEnv,
  fromSource,
  jsonLinesOf,
  linesOf,
  run,
  runHere,
  start,
  temporaryDirectory
} from "./support.js"

const userId = "usr_1234567890abcdef1234567890abcdef"

const version = () => {
  const manifest: { version: string } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  return manifest.version
}

stubEnvironment()

layer(Emulator.layer({ customers: 250 }), { excludeTestServices: true })("commands", (it) => {
  it.effect("customers list writes every customer as the server sent it", () =>
    Effect.gen(function* () {
      const { customers } = yield* Emulator.Emulator
      const { code, stderr, stdout } = yield* runHere(["customers", "list"])
      expect(stderr).toBe("")
      const ids = (yield* customers).map(({ expressCustomerId }) => expressCustomerId)
      expect(jsonLinesOf(stdout).map((line) => line["expressCustomerId"])).toEqual(ids)
      expect(code).toBe(0)
    })
  )

  it.effect("customers list filters and limits rows, not pages", () =>
    Effect.gen(function* () {
      const { customers } = yield* Emulator.Emulator
      const inactive = (yield* customers).filter(({ isActive }) => !isActive).slice(0, 3)
      const [json, table] = yield* Effect.all(
        [
          runAgainstEmulator(["customers", "list", "--inactive", "--limit", "3"]),
          runAgainstEmulator(["customers", "list", "--inactive", "--limit", "3", "--table"])
        ],
        { concurrency: 2 }
      )
      const ids = inactive.map(({ expressCustomerId }) => expressCustomerId)
      expect(jsonLinesOf(json.stdout).map((line) => line["expressCustomerId"])).toEqual(ids)
      const [titles, ...rows] = linesOf(table.stdout)
      expect(titles).toMatch(/^ID +NAME +ACTIVE +USERS +CREATED \(UTC\)$/)
      expect(rows.map((row) => row.split(" ", 1).join())).toEqual(ids)
      expect(table.stdout).not.toContain("\u001b")
    })
  )

  it.effect(
    "customers create, get, update, deactivate, reactivate; users add, remove",
    () =>
      Effect.gen(function* () {
        const created = yield* runHere([
          ..."customers create --name Clinic --metadata region=north --metadata note=a=b".split(" ")
        ])
        const [customer] = jsonLinesOf(created.stdout)
        expect(customer).toMatchObject({
          expressCustomerName: "Clinic",
          isActive: true,
          userCount: 0,
          metadata: { region: "north", note: "a=b" }
        })
        const id = String(customer?.["expressCustomerId"])
        const get = yield* runHere(["customers", "get", id])
        expect(get.stdout).toBe(created.stdout)

        const updated = yield* runHere(["customers", "update", id, "--name", "Other", "--clear-metadata"])
        expect(jsonLinesOf(updated.stdout)[0]).toMatchObject({ expressCustomerName: "Other" })
        expect(jsonLinesOf(updated.stdout)[0]?.["metadata"] ?? {}).toEqual({})

        const added = yield* runHere(["users", "add", id, userId])
        expect(jsonLinesOf(added.stdout)).toEqual([expect.objectContaining({ success: true })])
        const removed = yield* runHere(["users", "remove", id, userId, "--table"])
        expect(removed.stdout).toBe(`${userId} removed from ${id}\n`)

        const deactivated = yield* runHere(["customers", "deactivate", id])
        expect(jsonLinesOf(deactivated.stdout)[0]).toMatchObject({ expressCustomerId: id, isActive: false })
        const refused = yield* runHere(["users", "add", id, userId])
        expect(refused).toMatchObject({ code: 6, stdout: "" })
        expect(refused.stderr).toMatch(new RegExp(`^avara: users\\.add: the customer ${id} is deactivated.*\n$`))
        const reactivated = yield* runHere(["customers", "reactivate", id, "--table"])
        expect(reactivated.stdout).toMatch(/^id +cus_\w+\nname +Other\nactive +yes\n/)
      }),
    20_000
  )

  it.effect("customers create --once creates once", () =>
    Effect.gen(function* () {
      const args = ["customers", "create", "--name", "Once", "--once", "number 7"]
      const [first, second] = [yield* runAgainstEmulator(args), yield* runAgainstEmulator(args)]
      expect(first.code).toBe(0)
      expect(second.stdout).toBe(first.stdout)
    })
  )

  it.effect("doctor reports that everything works, and shows only the end of the key", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator.Emulator
      const { code, stderr, stdout } = yield* runHere(["doctor", "--table"])
      expect(stderr).toBe("")
      expect(linesOf(stdout)).toEqual([
        "ok       API key     set, ends in cdef",
        `ok       Base URL    ${url}`,
        "ok       Proxy       none, direct connection",
        `ok       Host        connected to ${new URL(url).host}`,
        "skipped  TLS         not used with http",
        "ok       Clock       matches the server's clock",
        "ok       First page  read"
      ])
      expect(stdout).not.toContain(apiKey)
      expect(code).toBe(0)
    })
  )

  it.effect("doctor reports what is wrong and how to fix it", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* runHere(["doctor"], {
        env: { AVARA_API_KEY: "", AVARA_BASE_URL: "http://127.0.0.1:1" }
      })
      expect(jsonLinesOf(stdout).map(({ name, status }) => [name, status])).toEqual([
        ["API key", "failed"],
        ["Base URL", "ok"],
        ["Proxy", "ok"],
        ["Host", "failed"],
        ["TLS", "skipped"],
        ["Clock", "skipped"],
        ["First page", "skipped"]
      ])
      expect(code).toBe(1)
    })
  )

  it.scoped("emulator runs until it is interrupted, and keeps its file", () =>
    Effect.gen(function* () {
      const cwd = yield* temporaryDirectory
      const args = ["emulator", "--port", "0", "--customers", "3", "--file", join(cwd, "customers.db")]
      const { child, ended, until } = yield* start(args)
      yield* until(/Press Ctrl-C to stop/)
      child.kill("SIGINT")
      const { code, stderr, stdout } = yield* ended
      expect(jsonLinesOf(stdout)).toEqual([{ url: expect.stringMatching(/^http:/), customers: 3 }])
      expect(stderr).toContain("client    AVARA_BASE_URL=http://127.0.0.1:")
      expect(code).toBe(130)
    })
  )

  it.scoped("emulator starts from a seed file, with faults and a configured key", () =>
    Effect.gen(function* () {
      const cwd = yield* temporaryDirectory
      writeFileSync(join(cwd, "state.json"), '{"customers":[{"expressCustomerName":"Given","users":["usr_1"]}]}')
      writeFileSync(join(cwd, "faults.json"), '[{"type":"status","status":503,"nth":1}]')
      const files = ["--seed-file", join(cwd, "state.json"), "--faults", join(cwd, "faults.json")]
      const port = yield* freePort
      const options = ["--port", String(port), "--api-key", "secret-1", "--record-bodies"]
      const { child, ended, until } = yield* start(["emulator", ...files, ...options])
      yield* until(/Press Ctrl-C to stop/)
      const list = (key: string) =>
        Effect.promise(async () => {
          const response = await fetch(`http://127.0.0.1:${port}/v1/express`, {
            headers: { authorization: `Bearer ${key}` }
          })
          return [response.status, await response.text()]
        })
      expect((yield* list("secret-1"))[0]).toBe(503)
      expect((yield* list("another"))[0]).toBe(401)
      expect(yield* list("secret-1")).toEqual([200, expect.stringMatching(/"Given".*"userCount":1.*"hasMore":false/)])
      child.kill("SIGINT")
      const { stderr, stdout } = yield* ended
      expect(stdout + stderr).not.toContain("secret-1")
    })
  )

  it.scoped("emulator refuses invalid faults and names their path", () =>
    Effect.gen(function* () {
      const file = join(yield* temporaryDirectory, "faults.json")
      writeFileSync(file, '[{"type":"delay","millis":"long"}]')
      const { code, stderr, stdout } = yield* run(["emulator", "--port", "0", "--faults", file])
      expect([code, stdout]).toEqual([5, ""])
      expect(stderr).toBe(`avara: ${file}: [0].millis: expected a number\n`)
    })
  )

  it.effect("--emulator needs no key", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* run([
        "customers",
        "list",
        "--emulator",
        "120",
        "--emulator-without-key",
        "1"
      ])
      expect(stderr).toMatch(/^using the embedded emulator at \S+ with 120 customers\n$/)
      expect([linesOf(stdout).length, code]).toEqual([120, 0])
    })
  )

  it.effect("--emulator-without-key applies only without a key", () =>
    Effect.gen(function* () {
      const args = ["customers", "list", "--emulator-without-key", "1"]
      const [without, with_] = yield* Effect.all([run(args, { env: { AVARA_API_KEY: " " } }), runHere(args)], {
        concurrency: 2
      })
      expect(without.stderr).toMatch(/^AVARA_API_KEY is not set: using the embedded emulator/)
      expect(linesOf(without.stdout)).toHaveLength(1)
      expect(linesOf(with_.stdout).length).toBeGreaterThan(200)
      expect(with_.stderr).toMatch(/^AVARA_API_KEY is set: using http:\S+\n$/)
    })
  )

  it.effect("options override the environment", () =>
    Effect.gen(function* () {
      const env = yield* emulatorEnv
      const args = ["customers", "list", "--limit", "1", "--base-url", env.AVARA_BASE_URL, "--timeout", "30s"]
      const { code } = yield* run(args, {
        env: { ...env, AVARA_BASE_URL: "http://127.0.0.1:1", AVARA_TIMEOUT: "soon" }
      })
      expect(code).toBe(0)
    })
  )

  it.effect("--version, and --help on standard output", () =>
    Effect.gen(function* () {
      const [versioned, helped, bare, group] = yield* Effect.all(
        [run(["--version"], {}, fromSource), run(["customers", "get", "--help"]), run([]), run(["users"])],
        { concurrency: 2 }
      )
      expect(versioned).toEqual({ code: 0, stdout: `${version()}\n`, stderr: "" })
      expect(helped).toMatchObject({ code: 0, stderr: "" })
      expect(helped.stdout).toMatch(/^Usage: avara customers get \[options\] <CUSTOMER_ID>\n\nShows one customer\. /)
      expect(bare).toMatchObject({ code: 0, stderr: "" })
      expect(group).toMatchObject({ code: 2, stdout: "" })
      expect(group.stderr).toContain("Usage: avara users [options] [command]")
    })
  )
})
