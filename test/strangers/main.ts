/** Runs the install line of every README, verbatim and from a registry, and then its first program. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { temporaryFolder } from "../scripts/workspace.js"
import { type Emulator, startEmulator } from "./emulator.js"
import { tryOtherMajor } from "./otherMajor.js"
import { type Readme, readmes } from "./readmes.js"
import { type Registry, startRegistry } from "./registry.js"
import { run } from "./run.js"

const temporary = temporaryFolder("strangers")
const problems: Array<string> = []

const expectToRun = async (title: string, line: string, cwd: string, env: Readonly<Record<string, string>> = {}) => {
  const start = Date.now()
  const { ok, output } = await run("bash", ["-c", line], cwd, env)
  console.log(`${ok ? "ok  " : "FAIL"} ${title}: ${line.slice(0, 80)} (${((Date.now() - start) / 1000).toFixed(1)} s)`)
  if (!ok) problems.push(`${title}: ${line}\n${output}`)
  return ok
}

const folderOf = ({ path }: Readme): string => join(temporary, path.replace(/\W+/g, "-"))

const install = async (readme: Readme, { npmrc, url }: Registry): Promise<boolean> => {
  const folder = folderOf(readme)
  mkdirSync(folder)
  writeFileSync(join(folder, ".npmrc"), npmrc)
  if (readme.installs.length === 0) problems.push(`${readme.path}: no line installs the package`)
  const env = { "npm_config_@effect-avara:registry": url, npm_config_prefix: join(temporary, "global") }
  for (const line of readme.installs) {
    if (!(await expectToRun(readme.path, line, folder, line.includes(" -g ") ? env : {}))) return false
  }
  return true
}

const isGlobal = ({ installs }: Readme): boolean => installs.some((line) => line.includes(" -g "))

const tryOut = async (readme: Readme, emulator: Emulator): Promise<void> => {
  const folder = folderOf(readme)
  if (isGlobal(readme)) {
    const env = { ...emulator.env, PATH: `${join(temporary, "global/bin")}:${process.env["PATH"]}` }
    for (const line of readme.commands) await expectToRun(readme.path, line, folder, env)
    return
  }
  writeFileSync(join(folder, "first.mjs"), readme.program ?? "throw new Error('The README has no program')")
  await expectToRun(readme.path, "node first.mjs", folder, emulator.env)
}

const tryAll = async (registry: Registry): Promise<void> => {
  const installed: Array<Readme> = []
  for (const readme of readmes) if (await install(readme, registry)) installed.push(readme)
  const emulator = await startEmulator(join(temporary, "packages-emulator-README-md"))
  try {
    for (const readme of installed) await tryOut(readme, emulator)
  } finally {
    await emulator.close()
  }
}

const registry = await startRegistry(join(temporary, "registry"))
try {
  await tryAll(registry)
  problems.push(...(await tryOtherMajor(temporary, registry)))
} finally {
  await registry.close()
}
console.log([...problems, `Strangers: ${readmes.length} READMEs, ${problems.length} problems`].join("\n"))
process.exitCode = problems.length === 0 ? 0 : 1
