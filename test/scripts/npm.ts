import { execFile } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"

const options = ["--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--prefer-offline"]

/** Installs packages by npm into a new folder. No script of a package runs. */
export const npmInstall = async (
  folder: string,
  dependencies: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, string>> = {}
): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  const manifest = { private: true, type: "module", dependencies, overrides }
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest))
  await promisify(execFile)("npm", ["install", ...options], { cwd: folder, maxBuffer: 2 ** 26 })
}
