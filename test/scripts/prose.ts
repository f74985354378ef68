/** Reads the prose of the repository, in pages, comments and messages, and fails on the words that `test/prose/style.ts` lists. */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { check } from "../prose/check.js"
import { root } from "./workspace.js"

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md", "*.ts"], {
  cwd: root,
  encoding: "utf8"
})
  .split("\n")
  .filter((path) => path !== "" && !path.startsWith("test/prose/") && existsSync(join(root, path)))

const found = (await Promise.all(files.map((path) => check(path, readFileSync(join(root, path), "utf8"))))).flat()
console.log([...found, `Prose: ${files.length} files, ${found.length} found`].join("\n"))
process.exitCode = found.length === 0 ? 0 : 1
