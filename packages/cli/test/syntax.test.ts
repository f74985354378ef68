/** What needs no process: the command line's grammar, the help pages, the readers. */
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import * as Either from "effect/Either"
import { root } from "../src/internal/commands/root.js"
import { sections } from "../src/internal/program.js"
import { resumeCommand } from "../src/internal/resume.js"
import { globals } from "../src/internal/settings.js"
import { plain } from "../src/internal/style.js"
import type { Command } from "../src/internal/syntax/command.js"
import { completions, shells } from "../src/internal/syntax/completions.js"
import { help } from "../src/internal/syntax/help.js"
import { type Path, parse } from "../src/internal/syntax/parse.js"
import * as Reader from "../src/internal/syntax/reader.js"
import { displayWidth, oneLine, truncate } from "../src/internal/text.js"

const page = { globals, sections, style: plain, columns: 80 }

const pathsBelow = <Run>(path: Path<Run>, command: Command<Run>): ReadonlyArray<Path<Run>> => [
  path,
  ...(command._tag === "Leaf" ? [] : command.commands.flatMap((child) => pathsBelow([...path, child], child)))
]

const paths = pathsBelow([root], root)

describe("help", () => {
  const cases = paths.map((path) => [path.map(({ name }) => name).join(" "), path] as const)

  it.each(cases)("%s", async (name, path) => {
    const text = help(path, page)
    await expect(`${text}\n`).toMatchFileSnapshot(`help/${name.replaceAll(" ", "-")}.txt`)
    const tooWide = text.split("\n").filter((line) => displayWidth(line) > 80 && !line.startsWith("  avara "))
    expect(tooWide).toEqual([])
  })
})

const parsed = (...argv: ReadonlyArray<string>) => parse(root, globals, argv)

const misuse = (...argv: ReadonlyArray<string>): string | undefined => {
  const result = parsed(...argv)
  if (Either.isLeft(result)) return result.left.message
  const prepared = result.right.leaf?.prepare(result.right.own)
  return prepared !== undefined && Either.isLeft(prepared) ? prepared.left : undefined
}

describe("parse", () => {
  it("takes options of every command and its own ones anywhere", () => {
    for (const argv of [
      ["--base-url", "http://localhost", "customers", "update", "cus_1", "--name", "x", "-q"],
      ["customers", "-q", "update", "--name=x", "--base-url=http://localhost", "--", "cus_1"]
    ]) {
      expect(parsed(...argv)).toMatchObject({
        right: {
          own: { customerId: ["cus_1"], name: ["x"] },
          global: { baseUrl: ["http://localhost"], quiet: [""] }
        }
      })
    }
  })

  it("takes what comes after -- as it is", () => {
    expect(parsed("customers", "get", "--", "--help")).toMatchObject({ right: { own: { customerId: ["--help"] } } })
  })

  const wrong = [
    ["customers lst", 'there is no command "lst", did you mean list?'],
    ["nonsense", 'there is no command "nonsense", but customers, users, export'],
    ["customers list --limt 3", "there is no option --limt, did you mean --limit?"],
    ["customers list --limit", "--limit N needs its value"],
    ["customers list --limit --active", "--limit N needs its value"],
    ["customers list --limit 0", "--limit N takes an integer of at least 1"],
    ["customers list --limit 3 --limit 4", "--limit is given twice"],
    ["customers list --active=yes", "--active takes no value"],
    ["customers list --active --inactive", "--active and --inactive exclude each other"],
    ["customers get", "CUSTOMER_ID is missing"],
    ["customers get a b", '"b" is one argument too many'],
    ["customers create", "--name NAME is required"],
    ["customers create --name x --metadata region", "--metadata KEY=VALUE takes key=value"],
    ["customers update cus_1", "give --name, --metadata or --clear-metadata: there is nothing to change"],
    ["export customers", "give --out FILE or --to DATABASE"],
    ["export customers --out x", "give --format ndjson, csv or parquet: the file's name does not say it"],
    ["export customers --out x.csv --metadata map", "--metadata map is not for csv"],
    ["export customers --out x.ndjson --formulas escape", "--formulas and --bom are for CSV"],
    ["export customers --out x.csv --resume --discard", "--resume and --discard exclude each other"],
    [
      "export customers --out x.csv --since 2026-02-30",
      "--since DATE takes a date such as 2026-01-31 or 2026-01-31T08:00:00Z"
    ],
    ["export customers --out x.csv --rate fast", "--rate RATE takes a rate such as 20/s or 600/m"],
    ["export customers --to mysql://x", "--to DATABASE takes sqlite:FILE or postgres://USER@HOST/NAME"],
    ["completions tcsh", "SHELL takes bash, zsh or fish"]
  ] as const

  it.each(wrong)("%s", (line, message) => {
    expect(misuse(...line.split(" "))).toContain(message.replace("--to DATABASE", "--to"))
  })
})

describe("readers", () => {
  it("read rates a second", () => {
    expect(["20/s", "600/m", "20", "0", "x", "-1"].map((text) => Either.getOrNull(Reader.rate(text)))).toEqual([
      20,
      10,
      20,
      null,
      null,
      null
    ])
  })

  it("read durations as Effect writes them", () => {
    const texts = ["30s", "500ms", "2m", "30 seconds", "0s", "soon"]
    expect(texts.map((text) => Either.getOrNull(Reader.duration(text)))).toEqual([
      "30 seconds",
      "500 millis",
      "2 minutes",
      "30 seconds",
      null,
      null
    ])
  })

  it("read dates as UTC", () => {
    const texts = ["2026-01-31", "2026-01-31T08:00", "2026-01-31T08:00:00+02:00", "2026-02-30", "January"]
    expect(texts.map((text) => Either.getOrNull(Reader.date(text))?.toISOString())).toEqual([
      "2026-01-31T00:00:00.000Z",
      "2026-01-31T08:00:00.000Z",
      "2026-01-31T06:00:00.000Z",
      undefined,
      undefined
    ])
  })
})

describe("text", () => {
  it("from elsewhere does nothing to a terminal", () => {
    expect(oneLine("a\n b\u001b[2J\u202ec")).toBe("a b\uFFFD[2J\uFFFDc")
  })

  it("is cut by columns, not by characters", () => {
    expect([truncate("日本語の病院", 7), displayWidth("日本語"), truncate("abc", 3)]).toEqual(["日本語…", 6, "abc"])
  })
})

describe("resumeCommand", () => {
  it("is what a shell takes", () => {
    const out = "it's a file.csv"
    const line = resumeCommand(["export", "customers", "--out", out, "--discard"])
    expect(line).toBe("avara export customers --out 'it'\\''s a file.csv' --resume")
    const words = execFileSync("sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" })
    expect(words.split("\n")).toContain(out)
  })

  it("holds no password", () => {
    expect(resumeCommand(["--to", "postgres://me:secret@host/db"])).toBe("avara --to postgres://me@host/db --resume")
  })
})

describe("completions", () => {
  it.each(shells)("%s", async (shell) => {
    await expect(`${completions(root, globals, shell)}\n`).toMatchFileSnapshot(`completions/avara.${shell}`)
  })

  const complete = (line: string): ReadonlyArray<string> => {
    const script = `${completions(root, globals, "bash")}
      COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _avara; printf '%s\\n' "\${COMPREPLY[@]}"`
    const out = execFileSync("bash", ["--norc", "-c", script], { encoding: "utf8", cwd: import.meta.dirname })
    return out.split("\n").filter((word) => word !== "")
  }

  it.skipIf(!existsSync("/bin/bash"))("offers in bash what can follow", () => {
    expect(complete("avara ''")).toContain("customers")
    expect(complete("avara customers re")).toEqual(["reactivate"])
    expect(complete("avara customers list --li")).toEqual(["--limit"])
    expect(complete("avara export customers --format ''")).toEqual(["ndjson", "csv", "parquet"])
    expect(complete("avara export customers --format = pa")).toEqual(["parquet"])
    expect(complete("avara --quiet bulk add")).toEqual(["add-users"])
    expect(complete("avara verify syn")).toEqual(["syntax.test.ts"])
    expect(complete("avara completions ''")).toEqual(["bash", "zsh", "fish"])
  })
})
