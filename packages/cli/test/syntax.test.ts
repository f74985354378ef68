/** Tests without a process: the grammar of the command line, the help pages, the readers. */
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { type CommandUnknownOpts, InvalidArgumentError } from "@commander-js/extra-typings"
import { describe, expect, it } from "@effect/vitest"
import { makeProgram } from "../src/internal/commands/root.js"
import { progressLine } from "../src/internal/progress.js"
import { resumeCommand } from "../src/internal/resume.js"
import type { Settings } from "../src/internal/settings.js"
import { completions, shells } from "../src/internal/syntax/completions.js"
import * as Reader from "../src/internal/syntax/reader.js"
import { displayWidth, oneLine, render, truncate } from "../src/internal/text.js"

/** Parses a command line, and returns the settings that its command would run with and everything that it writes. */
const setUp = () => {
  const output = { settings: undefined as Settings | undefined, text: "" }
  const write = (text: string) => {
    output.text += text
  }
  const program = makeProgram(
    async (_load, settings) => {
      output.settings = settings
    },
    { writeOut: write, writeErr: write, getOutHelpWidth: () => 80, getOutHasColors: () => false }
  )
  return { output, program }
}

const commandsBelow = (
  command: CommandUnknownOpts,
  path: ReadonlyArray<string> = []
): ReadonlyArray<ReadonlyArray<string>> => [
  path,
  ...command.commands.flatMap((child) => commandsBelow(child, [...path, child.name()]))
]

const parse = async (...argv: ReadonlyArray<string>) => {
  const { output, program } = setUp()
  const error = await program.parseAsync(argv, { from: "user" }).then(
    () => undefined,
    (error: unknown) => error
  )
  const leaf = argv.reduce(
    (command, word) => command.commands.find((child) => child.name() === word) ?? command,
    program
  )
  return { ...output, error, args: leaf.processedArgs, options: leaf.opts() }
}

describe("help", () => {
  const cases = commandsBelow(setUp().program).map((path) => [["avara", ...path].join(" "), path] as const)

  it.each(cases)("%s", async (name, path) => {
    const { text } = await parse(...path, "--help")
    await expect(text).toMatchFileSnapshot(`help/${name.replaceAll(" ", "-")}.txt`)
    const tooWide = text.split("\n").filter((line) => displayWidth(line) > 80 && !line.startsWith("  avara "))
    expect(tooWide).toEqual([])
  })
})

describe("parse", () => {
  it("accepts global options and a command's own options anywhere", async () => {
    for (const argv of [
      ["--base-url", "http://localhost", "customers", "update", "cus_1", "--name", "x", "-q"],
      ["customers", "-q", "update", "--name=x", "--base-url=http://localhost", "--", "cus_1"]
    ]) {
      expect(await parse(...argv)).toMatchObject({
        error: undefined,
        args: ["cus_1"],
        options: { name: "x" },
        settings: { baseUrl: "http://localhost", quiet: true }
      })
    }
  })

  it("accepts everything after -- unchanged", async () => {
    expect(await parse("customers", "get", "--", "--help")).toMatchObject({ error: undefined, args: ["--help"] })
  })

  it("collects the values of a repeatable option", async () => {
    const { options } = await parse(..."customers create --name x --metadata a=1 --metadata b=c=d".split(" "))
    expect(options["metadata"]).toEqual([
      ["a", "1"],
      ["b", "c=d"]
    ])
  })

  const wrong = [
    ["customers lst", "unknown command 'lst'\n(Did you mean list?)\nTry avara customers --help"],
    ["custmers", "unknown command 'custmers'\n(Did you mean customers?)\nTry avara --help"],
    ["nonsense", "unknown command 'nonsense'\nTry avara --help"],
    ["customers list --limt 3", "unknown option '--limt'\n(Did you mean --limit?)\nTry avara customers list --help"],
    ["customers list --quit", "unknown option '--quit'\n(Did you mean --quiet?)"],
    ["customers list --limit", "option '--limit <N>' argument missing"],
    ["customers list --limit --active", "option '--limit <N>' argument '--active' is invalid. Expected an integer"],
    ["customers list --limit 0", "option '--limit <N>' argument '0' is invalid. Expected an integer of at least 1."],
    ["customers list --limit 3 --limit 4", "option '--limit <N>' is given twice"],
    ["emulator --port 1 --port 2", "option '--port <PORT>' is given twice"],
    ["emulator --cors *", "option '--cors <ORIGIN>' argument '*' is invalid. Expected one origin such as"],
    ["customers list --active=yes", "unknown option '--active=yes'"],
    ["customers list --active --inactive", "option '--active' cannot be used with option '--inactive'"],
    ["customers list --json --table", "option '--json' cannot be used with option '--table'"],
    ["customers get", "missing required argument 'CUSTOMER_ID'\nTry avara customers get --help"],
    ["customers get a b", "too many arguments for 'get'. Expected 1 argument but got 2."],
    ["customers create", "required option '--name <NAME>' not specified"],
    [
      "customers create --name --once",
      "option '--name <NAME>' argument '--once' is invalid. It must not start with -: is"
    ],
    ["customers create --name -quux", "It must not start with -: is the value missing?"],
    ["customers create --name x --metadata region", "argument 'region' is invalid. Expected key=value."],
    ["customers update cus_1", "there is nothing to change; use --name, --metadata or --clear-metadata"],
    [
      "customers update cus_1 --clear-metadata --metadata a=b",
      "option '--clear-metadata' cannot be used with option '--metadata <KEY=VALUE>'"
    ],
    [
      "customers update cus_1 --clear-metadata --replace-metadata",
      "option '--clear-metadata' cannot be used with option '--replace-metadata'"
    ],
    ["customers update cus_1 --name x --replace-metadata", "--replace-metadata needs --metadata"],
    ["export customers", "use --out FILE or --to DATABASE"],
    ["export customers --to sqlite:x --busy-timeout 0s", "Expected a duration above zero such as 30s"],
    [
      "export customers --out x",
      "the file's extension does not name a format; use --format ndjson, json, csv or parquet"
    ],
    ["export customers --out x --to sqlite:x", "option '--to <DATABASE>' cannot be used with option '--out <FILE>'"],
    ["export customers --out x.csv --into x", "option '--into <TABLE>' cannot be used with option '--out <FILE>'"],
    ["export customers --out x.csv --metadata map", "--metadata map does not apply to csv"],
    ["export customers --out x.ndjson --formulas escape", "--formulas and --bom apply only to CSV"],
    ["export customers --out x.csv --resume --discard", "option '--resume' cannot be used with option '--discard'"],
    ["export customers --out x.csv --since 2026-02-30", "Expected a date such as 2026-01-31 or 2026-01-31T08:00:00Z."],
    ["export customers --out x.csv --rate fast", "Expected a rate such as 20/s or 600/m."],
    ["export customers --to mysql://x", "Expected sqlite:FILE or postgres://USER@HOST/NAME."],
    ["completions tcsh", "'tcsh' is invalid for argument 'SHELL'. Allowed choices are bash, zsh, fish."]
  ] as const

  it.each(wrong)("%s", async (line, message) => {
    const { error, settings, text } = await parse(...line.split(" "))
    expect(text).toContain(message)
    expect(error).toMatchObject({ exitCode: 1 })
    expect(settings).toBeUndefined()
  })
})

const valueOf = <A>(read: (text: string) => A, text: string): A | undefined => {
  try {
    return read(text)
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidArgumentError)
    return undefined
  }
}

describe("readers", () => {
  it("read rates per second", () => {
    expect(["20/s", "600/m", "20", "0", "x", "-1"].map((text) => valueOf(Reader.rate, text))).toEqual([
      20,
      10,
      20,
      undefined,
      undefined,
      undefined
    ])
  })

  it("read durations as Effect writes them", () => {
    const texts = ["30s", "500ms", "2m", "30 seconds", "0s", "soon"]
    expect(texts.map((text) => valueOf(Reader.duration, text))).toEqual([
      "30 seconds",
      "500 millis",
      "2 minutes",
      "30 seconds",
      undefined,
      undefined
    ])
  })

  it("read dates as UTC", () => {
    const texts = ["2026-01-31", "2026-01-31T08:00", "2026-01-31T08:00:00+02:00", "2026-02-30", "January"]
    expect(texts.map((text) => valueOf(Reader.date, text)?.toISOString())).toEqual([
      "2026-01-31T00:00:00.000Z",
      "2026-01-31T08:00:00.000Z",
      "2026-01-31T06:00:00.000Z",
      undefined,
      undefined
    ])
  })
})

describe("progressLine", () => {
  it("counts one row as a row", () => {
    const shown = { before: 0, total: undefined, facts: [], noun: "row", elapsedMillis: 2000, retries: 1 }
    expect(progressLine({ ...shown, done: 1 }, 80)).toBe("1 row  1/s  1 retry  0:02")
    expect(progressLine({ ...shown, done: 1200, retries: 2 }, 80)).toBe("1,200 rows  600/s  2 retries  0:02")
  })
})

describe("text", () => {
  it("from external sources is harmless to a terminal", () => {
    expect(oneLine("a\n b\u001b[2J\u202ec")).toBe("a b\uFFFD[2J\uFFFDc")
  })

  it("is truncated by columns, not by characters", () => {
    expect([truncate("日本語の病院", 7), displayWidth("日本語"), truncate("abc", 3)]).toEqual(["日本語…", 6, "abc"])
  })
})

describe("resumeCommand", () => {
  it("is quoted for a shell", () => {
    const out = "it's a file.csv"
    const line = render(resumeCommand(["export", "customers", "--out", out, "--discard"]))
    expect(line).toBe("avara export customers --out 'it'\\''s a file.csv' --resume")
    const words = execFileSync("sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" })
    expect(words.split("\n")).toContain(out)
  })

  it("is quoted for a shell without control characters if a file's name contains some", () => {
    const out = "a\n\u001b[31mb'\\c\u202e\u{e0041}.csv"
    const line = render(resumeCommand(["export", "customers", `--out=${out}`]))
    expect(line).toMatch(/^[\x20-\x7e]+$/)
    const words = execFileSync("bash", ["-c", `printf '%s\\0' ${line}`], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C.UTF-8" }
    })
    expect(words.split("\0")).toContain(`--out=${out}`)
  })
})

describe("completions", () => {
  it.each(shells)("%s", async (shell) => {
    await expect(`${completions(setUp().program, shell)}\n`).toMatchFileSnapshot(`completions/avara.${shell}`)
  })

  const complete = (line: string): ReadonlyArray<string> => {
    const script = `${completions(setUp().program, "bash")}
      COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _avara; printf '%s\\n' "\${COMPREPLY[@]}"`
    const out = execFileSync("bash", ["--norc", "-c", script], { encoding: "utf8", cwd: import.meta.dirname })
    return out.split("\n").filter((word) => word !== "")
  }

  it.skipIf(!existsSync("/bin/bash"))("complete in bash what can follow", () => {
    expect(complete("avara ''")).toContain("customers")
    expect(complete("avara customers re")).toEqual(["reactivate"])
    expect(complete("avara customers list --li")).toEqual(["--limit"])
    expect(complete("avara export customers --format ''")).toEqual(["ndjson", "json", "csv", "parquet"])
    expect(complete("avara export customers --format = pa")).toEqual(["parquet"])
    expect(complete("avara --quiet bulk add")).toEqual(["add-users"])
    expect(complete("avara verify syn")).toEqual(["syntax.test.ts"])
    expect(complete("avara completions ''")).toEqual(["bash", "zsh", "fish"])
  })
})
