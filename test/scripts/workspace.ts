import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** The absolute folder of the repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** The absolute folders of the packages that are published. */
export const packageFolders: ReadonlyArray<string> = readdirSync(join(root, "packages"))
  .map((name) => join(root, "packages", name))
  .filter((folder) => existsSync(join(folder, "package.json")))

/** The packages whose source names their version, and where. */
export const versioned = () =>
  packageFolders.flatMap((folder) => {
    const source = join(folder, "src/internal/version.ts")
    if (!existsSync(source) || !/version = "/.test(readFileSync(source, "utf8"))) return []
    const { name, version }: { readonly name: string; readonly version: string } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8")
    )
    return [{ name, source, version }]
  })
