import { existsSync, mkdirSync } from "node:fs"
import { dirname } from "node:path"

const isThere = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EEXIST"

/** Makes the directories of a file. Node's own recursive `mkdir` never returns where one cannot be made, as below `/proc`. */
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
