import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { bunVersion, denoVersion } from "../runtimes/runtimes.js"
import type { Registry } from "./registry.js"
import { run, runOrThrow } from "./run.js"

interface Manager {
  readonly name: string
  /** Installs packages although one of them needs another version of Effect. */
  readonly add: string
  /** The start of the line that installs matching versions. */
  readonly line: string
  readonly execute: string
}

const packages = ["core", "node", "emulator", "export", "jobs"].map((name) => `@effect-avara/${name}`)

// Package managers add these to the requirements of our packages. Their newest versions are for Effect 3.
const others = ["platform", "sql", "cluster", "workflow", "rpc", "experimental"].map((name) => `@effect/${name}`)

const managersIn = (tools: string): ReadonlyArray<Manager> => {
  const bun = join(tools, "node_modules/.bin/bun")
  const deno = join(tools, "node_modules/.bin/deno")
  return [
    { name: "npm", add: "npm install --legacy-peer-deps", line: "npm install ", execute: "node" },
    { name: "pnpm", add: "npx --yes pnpm@10 add", line: "pnpm add ", execute: "node" },
    { name: "bun", add: `${bun} add`, line: "bun add ", execute: bun },
    {
      name: "deno",
      add: `${deno} add --minimum-dependency-age=0`,
      line: "deno add npm:",
      execute: `${deno} run --allow-all`
    }
  ]
}

const tryManager = async (
  { add, execute, line, name }: Manager,
  folder: string,
  { npmrc }: Registry
): Promise<ReadonlyArray<string>> => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, ".npmrc"), npmrc)
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }))
  const prefix = name === "deno" ? "npm:" : ""
  const specifiers = [...packages, ...others, "@effect/platform-node@0.108", "effect"].map((_) => `${prefix}${_}`)
  const installed = await run("bash", ["-c", `${add} ${specifiers.join(" ")}`], folder)
  if (!installed.ok) return [`${name} cannot add the packages with Effect 4:\n${installed.output}`]
  const problems: Array<string> = []
  for (const specifier of packages) {
    writeFileSync(join(folder, "first.mjs"), `import ${JSON.stringify(specifier)}\n`)
    const { output } = await run("bash", ["-c", `${execute} first.mjs`], folder, { NO_COLOR: "1" })
    const sentence = output.split("\n").find((text) => text.includes(` needs effect `)) ?? ""
    const isRight = sentence.includes(`${specifier} `) && sentence.endsWith(`, so run: ${line}effect@3`)
    console.log(`${isRight ? "ok  " : "FAIL"} ${name}, Effect 4: ${sentence}`)
    if (!isRight) problems.push(`${name}: the import of ${specifier} says:\n${output}`)
  }
  return problems
}

/** With the newest Effect, the first import of each package reports which version it needs. */
export const tryOtherMajor = async (temporary: string, registry: Registry): Promise<ReadonlyArray<string>> => {
  const tools = join(temporary, "tools")
  mkdirSync(tools)
  writeFileSync(join(tools, "package.json"), JSON.stringify({ private: true }))
  await runOrThrow("npm", ["install", "--no-audit", "--no-fund", `bun@${bunVersion}`, `deno@${denoVersion}`], tools)
  const problems: Array<string> = []
  for (const manager of managersIn(tools)) {
    problems.push(...(await tryManager(manager, join(temporary, `other-${manager.name}`), registry)))
  }
  return problems
}
