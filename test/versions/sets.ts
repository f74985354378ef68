import { join } from "node:path"
import { readManifest, root } from "../scripts/workspace.js"

/** Versions by package, or the ranges that they come from. */
export type Versions = Readonly<Record<string, string>>

/** The packages whose ranges begin with the same versions; `jobs` and `cli` need the newest engine. */
const wide = ["core", "node", "export", "emulator"]

const rangesOf = (name: string): Versions => {
  const { dependencies, peerDependencies } = readManifest(join(root, "packages", name))
  return { ...dependencies, ...peerDependencies }
}

/** The ranges of Effect's packages in the manifests of ours. */
const ranges: Versions = Object.fromEntries(
  wide.flatMap((name) => Object.entries(rangesOf(name)).filter(([name]) => /^effect$|^@effect\//.test(name)))
)

const lowestOf = (range: string): string => /\d+\.\d+\.\d+/.exec(range)?.[0] ?? range

/** Installed with the lowest versions: only the tests, or the packages that tests do not run here, need it. */
const besideLowest: Versions = {
  "@effect/cluster": "0.51.0",
  "@effect/rpc": "0.72.0",
  "@effect/sql-pg": "0.48.0",
  "@effect/vitest": "0.27.0",
  "@effect/workflow": "0.12.0"
}

/** The versions that each run of the tests installs. The highest are the newest of each range. */
export const sets: Readonly<Record<string, Versions>> = {
  lowest: {
    ...Object.fromEntries(Object.entries(ranges).map(([name, range]) => [name, lowestOf(range)])),
    ...besideLowest
  },
  highest: {
    ...ranges,
    ...Object.fromEntries(Object.keys(besideLowest).map((name) => [name, ">=0.1.0 <1"]))
  }
}
