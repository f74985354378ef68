/** Packs every package into out/packages, and prints the command that installs them in another folder. */
import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { packAll } from "./pack.js"
import { packageFolders, peersOf, root } from "./workspace.js"

/** The first part of a version that has to stay the same: `3` of 3.22.4, `0.97` of 0.97.2. */
const lineOf = (version: string): string => /^(0\.\d+|\d+)/.exec(version)?.[0] ?? version

const peers = packageFolders.flatMap(peersOf).map(([name, version]) => `${name}@${lineOf(version)}`)

const destination = join(root, "out/packages")
rmSync(destination, { recursive: true, force: true })
mkdirSync(destination, { recursive: true })
const files = packAll(destination).map(({ file }) => JSON.stringify(file))

console.log("The packages are in out/packages. To install them, run this in the folder of your program:\n")
console.log(["npm install", ...files, ...new Set(peers)].join(" "))
