/** The files that run workers, and the commands and exit codes of the manual, agree with the command. */
import * as fs from "node:fs"
import * as path from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { parse } from "yaml"
import { meanings } from "../packages/cli/src/ExitCode.js"
import { makeProgram } from "../packages/cli/src/internal/commands/root.js"
import { root } from "./scripts/workspace.js"
import { documents } from "./support/documentation.js"
import { blocksOf } from "./support/markdownBlocks.js"

const read = (...names: ReadonlyArray<string>): string => fs.readFileSync(path.join(root, ...names), "utf8")

/** Parses a command line as the command does, and runs nothing. */
const accepts = async (args: ReadonlyArray<string>): Promise<void> => {
  let isRun = false
  const program = makeProgram(
    async () => {
      isRun = true
    },
    { writeErr: () => {} }
  )
  await program.exitOverride().parseAsync([...args], { from: "user" })
  expect(isRun).toBe(true)
}

interface Service {
  readonly command?: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, unknown>>
  readonly build?: { readonly context: string; readonly dockerfile: string }
}

describe("compose.yaml", () => {
  const { services }: { services: Readonly<Record<string, Service>> } = parse(read("docs", "jobs", "compose.yaml"))
  const ours = Object.entries(services).filter(([, { build }]) => build !== undefined)

  it("has a database, workers and a page", () => {
    expect(Object.keys(services)).toEqual(["database", "worker", "page"])
    expect(ours).toHaveLength(2)
  })

  it.each(ours)("runs a command that exists: %s", (_, { command = [] }) => accepts(command))

  it.each(ours)("starts %s behind the database, and names it", (_, { build, depends_on, environment }) => {
    expect(depends_on).toHaveProperty("database")
    expect(new URL(environment["AVARA_JOBS_DATABASE"] ?? "").hostname).toBe("database")
    const context = path.join(root, "docs", "jobs", build?.context ?? "")
    expect(path.relative(root, context)).toBe("")
    expect(fs.existsSync(path.join(context, build?.dockerfile ?? ""))).toBe(true)
  })
})

/** The words after the name of the command, however it is started. */
const argumentsIn = (line: string): ReadonlyArray<string> =>
  line
    .replace(/^.*?packages\/cli\/src\/main\.ts["\s,\]]*/, "")
    .trim()
    .split(/\s+/)

describe("the start of the command", () => {
  const [, node = ""] = /^#!\/usr\/bin\/env -S (.*)$/m.exec(read("packages", "cli", "bin", "avara.ts")) ?? []
  const command = `${node} packages/cli/src/main.ts`

  it("is the same in the systemd unit as in `pnpm avara`", async () => {
    const [, start = ""] = /^ExecStart=\/usr\/bin\/(.*)$/m.exec(read("docs", "jobs", "avara-worker@.service")) ?? []
    expect(start.startsWith(command)).toBe(true)
    await accepts(argumentsIn(start))
  })

  it("is the same in the image as in `pnpm avara`", () => {
    const [, entry = ""] = /^ENTRYPOINT (.*)$/m.exec(read("docs", "jobs", "Dockerfile")) ?? []
    const words: ReadonlyArray<string> = JSON.parse(entry)
    expect(words.join(" ")).toBe(command)
  })
})

const wordPattern = /"([^"]*)"|(\S+)/g

const wordsOf = (line: string): ReadonlyArray<string> =>
  Array.from(line.matchAll(wordPattern), ([, quoted, plain]) => quoted ?? plain ?? "")

const namePattern = /^(?:[A-Z_]+=\S+ )*(?:(?:npx --yes pnpm@10|pnpm|npx) )?avara (?=[a-z])/

const commandsIn = (text: string): ReadonlyArray<string> =>
  blocksOf(text, "sh")
    .flatMap((block) => block.split("\n"))
    .map((line) => line.replace(/\s+[#|>].*$/, ""))
    .filter((line) => namePattern.test(line))
    .map((line) => line.replace(namePattern, ""))

describe("commands of the manual and the READMEs", () => {
  const lines = documents.flatMap((path) => commandsIn(read(path)))
  it.each([...new Set(lines)])("avara %s", (line) => accepts(wordsOf(line)))
})

describe("exit codes of the manual", () => {
  it.each(meanings)("has %i: %s", (code, meaning) => {
    expect(read("docs", "command.md")).toContain(`| ${code} | ${meaning} |`)
  })
})
