/** Copied into each package that has peer dependencies: explains why the package cannot be loaded. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"

interface Manifest {
  readonly name: string
  readonly version: string
  readonly peerDependencies: Readonly<Record<string, string>>
}

interface Peer {
  readonly name: string
  readonly range: string
  readonly installed: string | undefined
}

const require = createRequire(import.meta.url)

const installedVersion = (name: string): string | undefined => {
  try {
    const { version }: { readonly version: string } = require(`${name}/package.json`)
    return version
  } catch {
    return undefined
  }
}

const lowestOf = (range: string): string => /\d+(\.\d+)*/.exec(range)?.[0] ?? "0"

const majorOf = (version: string): string | undefined => version.split(".")[0]

const fits = ({ installed, range }: Peer): boolean =>
  installed !== undefined &&
  majorOf(installed) === majorOf(lowestOf(range)) &&
  installed.localeCompare(lowestOf(range), undefined, { numeric: true }) >= 0

/** The shortest version that installs a matching release: `3` for `^3.19.19`, `0.97` for `^0.97.2`, `0` for `>=0.93.0 <1`. */
const pinOf = (range: string): string => /^\^(0\.\d+)/.exec(range)?.[1] ?? majorOf(lowestOf(range)) ?? range

const commandOf = ({ bun, deno }: NodeJS.ProcessVersions): string => {
  if (deno !== undefined) return "deno add npm:"
  if (bun !== undefined) return "bun add "
  return import.meta.url.includes("/.pnpm/") ? "pnpm add " : "npm install "
}

const explain = ({ name, peerDependencies, version }: Manifest): string | undefined => {
  const peers = Object.entries(peerDependencies).map(([name, range]) => ({
    name,
    range,
    installed: installedVersion(name)
  }))
  const wrong = peers.filter((peer) => !fits(peer))
  if (wrong.length === 0) return undefined
  const needs = wrong.map(({ installed = "none", name, range }) => `${name} ${range} (installed: ${installed})`)
  const [program, prefix = ""] = commandOf(process.versions).split(/(?<= )(?=npm:)/)
  const pins = wrong.map(({ name, range }) => `${prefix}${name}@${pinOf(range)}`)
  return `${name} ${version} needs ${needs.join(" and ")}, so run: ${program}${pins.join(" ")}`
}

/** The package itself, or one sentence about the versions that it needs. */
export const loaded = async <Module>(module: Promise<Module>): Promise<Module> => {
  try {
    return await module
  } catch (error) {
    const manifest: Manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))
    const sentence = explain(manifest)
    throw sentence === undefined ? error : new Error(sentence)
  }
}
