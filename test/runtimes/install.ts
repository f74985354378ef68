/** Installs the packed packages, and the runtimes, into a temporary folder. */
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { build } from "esbuild"
import { npmInstall } from "../scripts/npm.js"
import { packAll } from "../scripts/pack.js"
import { installedVersion, peersOf, readManifest, root } from "../scripts/workspace.js"
import { type Download, processRuntimes, workerdDownload } from "./runtimes.js"

/** The name that a version of a runtime is installed as. */
const aliasOf = ({ name, version }: Download): string => `${name.replaceAll(/[@/]/g, "")}-${version}`

/** The folder of an installed runtime. */
export const folderOf = (folder: string, download: Download): string =>
  join(folder, "runtimes/node_modules", aliasOf(download))

/** Installs each runtime. Fails if one of them cannot be downloaded. */
export const installRuntimes = (folder: string): Promise<void> => {
  const downloads = [...processRuntimes.map(({ download }) => download), workerdDownload]
  const dependencies = downloads.map((download) => [aliasOf(download), `npm:${download.name}@${download.version}`])
  return npmInstall(join(folder, "runtimes"), Object.fromEntries(dependencies))
}

/** The other packages that the smoke programs import. */
const extras = ["@effect/platform-node", "@effect/sql-libsql", "@libsql/client"].map(
  (name) => [name, installedVersion(join(root, "test"), name)] as const
)

const smoke = join(root, "test/runtimes/smoke")

/** Packs the packages, and installs them for the smoke programs. */
export const installPackages = async (folder: string): Promise<void> => {
  const tarballs = join(folder, "tarballs")
  mkdirSync(tarballs, { recursive: true })
  const all = packAll(tarballs)
  const own = all.map(({ file, folder }) => [readManifest(folder).name, `file:${file}`] as const)
  await npmInstall(
    join(folder, "app"),
    Object.fromEntries([...all.flatMap(({ folder }) => peersOf(folder)), ...extras, ...own])
  )
}

/** Compiles the smoke programs to JavaScript: file by file for processes, and one bundle each for the page and the worker. */
export const buildPrograms = async (folder: string): Promise<void> => {
  const outdir = join(folder, "app/smoke")
  const common = { format: "esm", target: "es2022", logLevel: "error" } as const
  await build({ ...common, entryPoints: [join(smoke, "*.ts")], outdir })
  const bundled = { ...common, bundle: true, platform: "browser", absWorkingDir: outdir } as const
  await build({ ...bundled, entryPoints: [join(outdir, "page.js")], outfile: join(folder, "page.js") })
  await build({
    ...bundled,
    conditions: ["workerd", "worker", "browser"],
    entryPoints: [join(outdir, "worker.js")],
    outfile: join(folder, "worker.js")
  })
}
