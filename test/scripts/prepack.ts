/** Runs in the folder of a package before it is packed: creates the contents of the tarball. */
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import ts from "typescript"

// Only pnpm replaces `workspace:` and `catalog:` with versions.
if (!process.env["npm_config_user_agent"]?.startsWith("pnpm/")) {
  console.error("This package can be packed only by pnpm. Run: npx --yes pnpm@10 pack")
  process.exit(1)
}

const require = createRequire(import.meta.url)
const internal = join(process.cwd(), "dist/internal")

const write = (name: string, code: string): void => writeFileSync(join(internal, name), code)

execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-b"], { stdio: "inherit" })

const { peerDependencies }: { readonly peerDependencies?: unknown } = JSON.parse(readFileSync("package.json", "utf8"))
if (peerDependencies !== undefined) {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
  const source = readFileSync(join(import.meta.dirname, "loaded.ts"), "utf8")
  write("loaded.js", ts.transpileModule(source, { compilerOptions }).outputText)
  const names = Object.keys(await import(pathToFileURL(join(internal, "../index.js")).href))
  // Modules are linked before any of them runs, so a check inside the package itself would be too late.
  write(
    "entry.js",
    `import { loaded } from "./loaded.js"\nexport const { ${names.join(", ")} } = await loaded(import("../index.js"))\n`
  )
}
