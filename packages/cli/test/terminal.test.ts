/** The command in a terminal: color, tables, progress, Ctrl-C. */
import * as fs from "node:fs"
import { expect, layer } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import {
  commandLine,
  concurrent,
  emulatorEnv,
  hasTerminal,
  linesOf,
  startInTerminal,
  temporaryDirectory
} from "./support.js"

const escape = "\u001b"

const inTerminal = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}, columns = 80) =>
  Effect.flatMap(emulatorEnv, (own) => startInTerminal(commandLine(args), columns, { env: { ...own, ...env } }))

const show = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}, columns = 80) =>
  Effect.scoped(Effect.flatMap(inTerminal(args, env, columns), ({ ended }) => ended))

layer(Emulator.layer({ customers: 1000 }), { excludeTestServices: true })("in a terminal", (it) => {
  const effect = hasTerminal ? it.effect : it.effect.skip
  const scoped = hasTerminal ? it.scoped : it.scoped.skip

  effect(
    "a list is a table that fits, with color",
    () =>
      Effect.gen(function* () {
        const { stdout } = yield* show(["customers", "list", "--limit", "30"])
        const [titles = "", ...rows] = linesOf(stdout)
        expect(titles.replaceAll(escape, "ESC")).toMatch(/^ESC\[1mID +NAME +ACTIVE +USERSESC\[22m$/)
        expect(rows).toHaveLength(30)
        expect(rows.filter((row) => row.length > 80)).toEqual([])
        expect(rows.some((row) => row.includes("…  "))).toBe(true)
      }),
    concurrent
  )

  effect(
    "a wide terminal cuts nothing; NO_COLOR and a dumb terminal disable color",
    () =>
      Effect.gen(function* () {
        const args = ["customers", "list", "--limit", "5"]
        const [wide, dumb, help] = yield* Effect.all(
          [show(args, { NO_COLOR: "1" }, 160), show(args, { TERM: "dumb" }), show(["--help"], { NO_COLOR: "1" })],
          { concurrency: 2 }
        )
        expect(wide.stdout).toMatch(/^ID +NAME +ACTIVE +USERS +CREATED \(UTC\)\n/)
        expect([wide, dumb, help].filter(({ stdout }) => stdout.includes(escape))).toEqual([])
        expect(linesOf(help.stdout).filter((line) => line.length > 80)).toEqual([])
      }),
    concurrent
  )

  effect(
    "--json is JSON even here, and an error is red",
    () =>
      Effect.gen(function* () {
        const [json, error] = yield* Effect.all(
          [show(["customers", "list", "--limit", "1", "--json"]), show(["customers", "get", "7"])],
          {
            concurrency: 2
          }
        )
        expect(json.stdout).toMatch(/^\{"expressCustomerId".*\}\n$/)
        expect(error.stdout.replaceAll(escape, "ESC")).toMatch(/^ESC\[31mavara:ESC\[39m customers\.retrieve: not sent/)
        expect(error.code).toBe(5)
      }),
    concurrent
  )

  scoped(
    "progress is one line, updated in place and cleared at the end; Ctrl-C stops at the end of a page",
    () =>
      Effect.gen(function* () {
        const cwd = yield* temporaryDirectory
        const args = ["export", "customers", "--out", `${cwd}/c.ndjson`, "--rate", "4/s"]
        const { child, ended, until } = yield* inTerminal(args, {}, 60)
        yield* until(/\d00 customers {2}\d+\/s {2}0:0\d {2}\d pages/)
        child.stdin.write("\u0003")
        const { code, stdout } = yield* ended
        const parts = stdout.split(`\r${escape}[K`)
        const rewritten = parts.filter((part) => / customers {2}/.test(part)).map((part) => part.replaceAll("^C", ""))
        expect(rewritten.length).toBeGreaterThan(0)
        expect(rewritten.filter((line) => line.length > 59 || line.includes("\n"))).toEqual([])
        expect(parts.join("")).toMatch(/To continue:\n {2}avara export customers --out \S+ --rate 4\/s --resume\n$/)
        expect(code).toBe(130)
      }),
    concurrent
  )

  scoped(
    "progress has a bar and the remaining time if the total is known; --quiet hides it",
    () =>
      Effect.gen(function* () {
        const cwd = yield* temporaryDirectory
        const args = ["export", "customers", "--emulator", "1000", "--rate", "10/s"]
        const [loud, quiet] = yield* Effect.all(
          [
            show([...args, "--out", `${cwd}/a.ndjson`], { AVARA_BASE_URL: "" }),
            show([...args, "--out", `${cwd}/b.ndjson`, "-q"], { AVARA_BASE_URL: "" })
          ],
          { concurrency: 2 }
        )
        expect(loud.stdout).toMatch(/\[#+-+\] \d+% {2}[\d,]+ customers {2}[\d,]+\/s {2}0:0\d left/)
        expect(loud.stdout).toMatch(
          /Exported 1,000 customers to \S+\n {2}pages +10\n {2}elapsed +\d\.\d s\n {2}rate +[\d,]+ rows\/s\n {2}retries +0\n/
        )
        expect(quiet).toMatchObject({ code: 0, stdout: "" })
      }),
    concurrent
  )

  scoped(
    "a durable job shows its progress; Ctrl-C stops it and prints the command that continues",
    () =>
      Effect.gen(function* () {
        const cwd = yield* temporaryDirectory
        const rows = Array.from({ length: 200 }, (_, index) => `Terminal ${index}\n`)
        fs.writeFileSync(`${cwd}/new.csv`, ["expressCustomerName\n", ...rows].join(""))
        const args = ["jobs", "import", `${cwd}/new.csv`, "--rate", "10/s", "--database", `sqlite:${cwd}/jobs.db`]
        const { child, ended, until } = yield* inTerminal(args)
        yield* until(/\[#-+\] \d+% {2}\d+ rows? {2}\d+\/s {2}0:\d\d left/)
        child.stdin.write("\u0003")
        const { code, stdout } = yield* ended
        expect(stdout.replaceAll("^C", "").replaceAll(`\r${escape}[K`, "")).toMatch(
          /Stopping after the rows that were already sent; .*\n(?:.*\n)?Stopped after \d+ of 200 rows\. To continue:\n {2}avara jobs import \S+ --rate 10\/s --database \S+\n$/
        )
        expect(code).toBe(130)
      }),
    concurrent
  )
})
