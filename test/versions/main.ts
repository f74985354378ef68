/** Runs the contract and fault tests on the lowest and on the highest versions that the packages allow, in a temporary copy. */
import { execFileSync } from "node:child_process"
import { cpSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parse, stringify } from "yaml"
import { installedVersion, repositoryFiles, root, temporaryFolder } from "../scripts/workspace.js"
import { sets, type Versions } from "./sets.js"

const temporary = temporaryFolder("versions")

const run = (file: string, args: ReadonlyArray<string>, cwd: string): void => {
  execFileSync(file, args, { cwd, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, CI: "true" } })
}

const copyInto = (folder: string): void => {
  for (const file of repositoryFiles().filter((name) => name !== "pnpm-lock.yaml")) {
    cpSync(join(root, file), join(folder, file))
  }
}

/** The packages whose tests do not run here may need other versions. */
const install = (folder: string, versions: Versions): void => {
  const file = join(folder, "pnpm-workspace.yaml")
  const workspace: { readonly catalog: Versions; readonly overrides: Versions } = parse(readFileSync(file, "utf8"))
  const settings = {
    ...workspace,
    strictPeerDependencies: false,
    catalog: { ...workspace.catalog, ...versions },
    overrides: {
      ...workspace.overrides,
      ...Object.fromEntries(Object.keys(versions).map((name) => [name, "catalog:"]))
    }
  }
  writeFileSync(file, stringify(settings))
  run("npx", ["--yes", "pnpm@10", "install", "--no-frozen-lockfile", "--prefer-offline", "--reporter=silent"], folder)
}

const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "test/versions/vitest.config.ts", "--reporter=dot"]

for (const [name, versions] of Object.entries(sets)) {
  const folder = join(temporary, name)
  copyInto(folder)
  install(folder, versions)
  const emulator = join(folder, "packages/emulator")
  const found = Object.keys(versions).filter((name) => name !== "@effect/vitest" && name !== "@effect/sql-pg")
  console.log(`${name}: ${found.map((name) => `${name}@${installedVersion(emulator, name)}`).join(", ")}`)
  run(process.execPath, vitest, folder)
}
