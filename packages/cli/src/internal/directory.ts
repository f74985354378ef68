import { existsSync, mkdirSync } from "node:fs"
import { dirname } from "node:path"

const isThere = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EEXIST"

/** Creates the directories of a file. Node's own recursive `mkdir` never returns if it cannot create one, such as below `/proc`. */
export const makeDirectoryOf = (file: string): void => {
  const directory = dirname(file)
  if (existsSync(directory)) return
  makeDirectoryOf(directory)
  try {
    mkdirSync(directory)
  } catch (error) {
    if (!isThere(error)) throw error
  }
}
