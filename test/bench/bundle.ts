import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { type BuildOptions, build, type Plugin } from "esbuild"

const folder = fileURLToPath(new URL(".", import.meta.url))

/** The folder of reports and bundles. */
export const outFolder = fileURLToPath(new URL("../../out/", import.meta.url))

/** The names of the compared peers, which are also the names of their files. */
export const peerNames = ["avara", "undici", "fetch", "stainless", "effect"] as const

/** The name of a peer, including this library with several pages at a time. */
export type PeerName = (typeof peerNames)[number] | "avaraParallel"

/** The package has hundreds of endpoints, this API eight: only the code common to every generated client is kept. */
const withoutResources: Plugin = {
  name: "without-resources",
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: /\/resources\// }, ({ importer }) =>
      /[\\/]node_modules[\\/]openai[\\/]/.test(importer) ? { path: importer, namespace: "resources" } : undefined
    )
    onLoad({ filter: /.*/, namespace: "resources" }, async ({ path }) => {
      const names = new Set((await readFile(path, "utf8")).match(/\b[A-Z]\w+/g))
      names.delete("Resource")
      return { contents: `class Resource {}\nexport { ${[...names].map((name) => `Resource as ${name}`).join(", ")} }` }
    })
  }
}

const common: BuildOptions = {
  absWorkingDir: folder,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  conditions: ["@effect-avara/source"],
  logLevel: "error",
  legalComments: "none"
}

const forNode: BuildOptions = {
  ...common,
  platform: "node",
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' }
}

const workerSource = (name: PeerName) => `
import { make } from "./peers/${name}.js"
import { servePeer } from "./worker.js"
servePeer(make(process.argv[2]))
`

const bundlePath = (name: string): string => join(outFolder, "bench", `${name}.mjs`)

const bundled = async (name: string, options: BuildOptions): Promise<string> => {
  const outfile = bundlePath(name)
  await build({ ...options, outfile })
  return outfile
}

/** Bundles a peer's worker; unminified, to keep profiles readable. */
export const bundlePeer = (name: PeerName): Promise<string> =>
  bundled(`peer-${name}`, {
    ...forNode,
    minify: false,
    plugins: [withoutResources],
    stdin: { contents: workerSource(name), resolveDir: folder, loader: "ts" }
  })

/** Bundles a script of this folder for Node without changes. */
export const bundleScript = (name: string): Promise<string> =>
  bundled(name, { ...forNode, minify: false, entryPoints: [`${name}.ts`] })

/** Bundles a program as for production; `whole` disables tree shaking. */
export const bundleProgram = (name: string, { whole = false } = {}): Promise<string> =>
  bundled(whole ? `${name}-whole` : name, {
    ...forNode,
    entryPoints: [`programs/${name}.ts`],
    plugins: whole ? [] : [withoutResources]
  })

/** Bundles the `avara` command, with V8's own defaults and without database code; its manifest is two folders above it. */
export const bundleCommand = async (): Promise<string> => {
  const cli = join(folder, "../../packages/cli")
  const outdir = join(cli, "out/bench")
  await build({
    ...forNode,
    minify: false,
    splitting: true,
    external: ["@effect/sql-libsql/*", "@effect/sql-pg/*"],
    entryPoints: [join(folder, "programs/command.ts")],
    outdir
  })
  return join(outdir, "command.js")
}

/** The size of a program for browsers in bytes, minified and compressed. */
export const browserSize = async (name: string): Promise<number> => {
  const { outputFiles } = await build({
    ...common,
    platform: "browser",
    entryPoints: [`programs/${name}.ts`],
    plugins: [withoutResources],
    write: false
  })
  return outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).byteLength, 0)
}
