import { readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { packageFolders, root } from "../scripts/workspace.js"
import { blocksOf } from "../support/markdownBlocks.js"

/** The steps in a README for a newcomer. */
export interface Readme {
  readonly path: string
  /** The lines that install, in order. */
  readonly installs: ReadonlyArray<string>
  /** The lines of the first shell block after those. */
  readonly commands: ReadonlyArray<string>
  /** The first program. */
  readonly program: string | undefined
}

const linesOf = (block: string): ReadonlyArray<string> =>
  block
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.replace(/\s+#.*$/, ""))
    .filter((line) => line !== "")

const isInstall = (line: string): boolean => line.startsWith("npm install ")

const readReadme = (path: string): Readme => {
  const text = readFileSync(path, "utf8")
  const blocks = blocksOf(text, "sh").map(linesOf)
  return {
    path: relative(root, path),
    installs: blocks.flat().filter(isInstall),
    commands: blocks[blocks.findLastIndex((lines) => lines.some(isInstall)) + 1] ?? [],
    program: blocksOf(text, "ts")[0]
  }
}

/** Every README that a registry or the repository shows first. */
export const readmes: ReadonlyArray<Readme> = [root, ...packageFolders].map((folder) =>
  readReadme(join(folder, "README.md"))
)
