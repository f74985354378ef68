import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** The absolute folder of the repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The absolute folders of the packages that are published. */
export const packageFolders: ReadonlyArray<string> = readdirSync(join(root, "packages"))
  .map((name) => join(root, "packages", name))
  .filter((folder) => existsSync(join(folder, "package.json")))

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Reads the `package.json` of a folder. */
export const readManifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))

/** Returns the version of a package that a folder has installed. */
export const installedVersion = (folder: string, name: string): string =>
  readManifest(join(folder, "node_modules", name)).version

/** Returns the peers of a package, at the versions that this repository uses. */
export const peersOf = (folder: string): ReadonlyArray<readonly [name: string, version: string]> =>
  Object.keys(readManifest(folder).peerDependencies ?? {}).map((name) => [name, installedVersion(folder, name)])

/** Lists the files of the repository that Git does not ignore, relative to its root, filtered by patterns of Git. */
export const repositoryFiles = (...patterns: ReadonlyArray<string>): ReadonlyArray<string> =>
  execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", ...patterns], {
    cwd: root,
    encoding: "utf8"
  })
    .split("\0")
    .filter((path) => path !== "" && existsSync(join(root, path)))

/** Creates a temporary folder that is removed when the process ends. */
export const temporaryFolder = (name: string): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `avara-${name}-`)))
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The packages whose source names their version, and where. */
export const versioned = () =>
  packageFolders.flatMap((folder) => {
    const source = join(folder, "src/internal/version.ts")
    if (!existsSync(source) || !/version = "/.test(readFileSync(source, "utf8"))) return []
    const { name, version } = readManifest(folder)
    return [{ name, source, version }]
  })
