import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { packageFolders, readManifest } from "./workspace.js"

/** The tarball of a package, and the folder of its sources. */
export interface Tarball {
  readonly folder: string
  readonly file: string
}

const pnpm = (args: ReadonlyArray<string>, cwd: string): void => {
  const script = process.env["npm_execpath"]
  const [file, ...before] = script?.includes("pnpm") === true ? [process.execPath, script] : ["npx", "--yes", "pnpm@10"]
  execFileSync(file, [...before, ...args], { cwd, stdio: ["ignore", "ignore", "inherit"] })
}

const pack = (folder: string, destination: string): Tarball => {
  const { name, version } = readManifest(folder)
  pnpm(["pack", "--pack-destination", destination], folder)
  return { folder, file: join(destination, `${name.slice(1).replace("/", "-")}-${version}.tgz`) }
}

/** Packs every package as it would be published. */
export const packAll = (destination: string): ReadonlyArray<Tarball> =>
  packageFolders.map((folder) => pack(folder, destination))
