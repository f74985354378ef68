/** Bundles the programs that tests start, once per run: a bundle starts five times as fast as its sources. */
import * as fs from "node:fs"
import { createRequire } from "node:module"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { programsVariable, sources } from "./programs.js"

const root = fileURLToPath(new URL("../../", import.meta.url))

const manifest = path.join(root, "packages/cli/package.json")

const pages = { emulator: "src/internal/page", jobs: "src/internal/browser" }

/** A native module is resolved from the package that needs it, and not bundled. */
const located = (folder: string, ...names: ReadonlyArray<string>): string =>
  names.reduce((from, name) => createRequire(from).resolve(name), path.join(root, folder, "package.json"))

const native: Readonly<Record<string, string>> = {
  libsql: located("packages/cli", "@effect/sql-libsql/LibsqlClient", "@libsql/client", "libsql"),
  "fs-native-extensions": located("packages/export", "fs-native-extensions")
}

const setup = async (): Promise<() => void> => {
  const folder = path.join(root, "test/out", `programs-${process.pid}`)
  const outdir = path.join(folder, "dist/bundle")
  await build({
    absWorkingDir: root,
    entryPoints: sources,
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    conditions: ["@effect-avara/source"],
    alias: native,
    minifyWhitespace: true,
    minifySyntax: true,
    external: [...Object.values(native), "pg-native"],
    banner: { js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url)` },
    logLevel: "error"
  })
  // The command reads its version from the manifest two folders up, and a page reads its files from the sources there.
  fs.copyFileSync(manifest, path.join(folder, "package.json"))
  for (const [name, page] of Object.entries(pages))
    fs.cpSync(path.join(root, "packages", name, page), path.join(folder, page), { recursive: true })
  process.env[programsVariable] = outdir
  return () => fs.rmSync(folder, { recursive: true, force: true })
}

// biome-ignore lint/style/noDefaultExport: Vitest calls the default export
export default setup
