import { execFile } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"

const scope = "@effect-avara:registry"

/**
 * Publishes a package to a registry of this machine, and never to another one. npm sees no setting and no token of the user: its home is the
 * folder, and its environment has nothing else. The registry of a scope wins over `--registry`, so both are given.
 */
export const publish = async (file: string, registry: string, folder: string): Promise<void> => {
  const { hostname, host } = new URL(registry)
  if (hostname !== "127.0.0.1") throw new Error(`${registry} is not a registry of this machine`)
  // npm publishes only with a token, whatever it says.
  writeFileSync(join(folder, ".npmrc"), `//${host}/:_authToken=anyone\n`)
  const args = [`--registry=${registry}`, `--${scope}=${registry}`, "--provenance=false", "--ignore-scripts"]
  await promisify(execFile)("npm", ["publish", file, ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, npm_config_globalconfig: join(folder, "no.npmrc") },
    timeout: 120_000
  })
}
