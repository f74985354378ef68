/** Reads the prose of the repository, in pages, comments and messages, and fails on the words that `test/prose/style.ts` lists. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { check } from "../prose/check.js"
import { repositoryFiles, root } from "./workspace.js"

const files = repositoryFiles("*.md", "*.ts").filter((path) => !path.startsWith("test/prose/"))

const found = (await Promise.all(files.map((path) => check(path, readFileSync(join(root, path), "utf8"))))).flat()
console.log([...found, `Prose: ${files.length} files, ${found.length} found`].join("\n"))
process.exitCode = found.length === 0 ? 0 : 1
