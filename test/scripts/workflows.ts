/** Checks the workflows of GitHub Actions with GitHub's own parser, and that each action is pinned to a commit. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { validate } from "@actions/languageservice"
import { TextDocument } from "vscode-languageserver-textdocument"
import { root } from "./workspace.js"

const folder = join(root, ".github/workflows")

const isUnpinned = (line: string): boolean => /\buses:/.test(line) && !/@[0-9a-f]{40} # v\d/.test(line)

const check = async (name: string): Promise<ReadonlyArray<string>> => {
  const text = readFileSync(join(folder, name), "utf8")
  const uri = pathToFileURL(join(folder, name)).href
  const diagnostics = await validate(TextDocument.create(uri, "yaml", 1, text))
  return [
    ...diagnostics.map(({ message, range }) => `${name}:${range.start.line + 1}: ${message}`),
    ...text.split("\n").flatMap((line, at) => (isUnpinned(line) ? [`${name}:${at + 1}: not pinned to a commit`] : []))
  ]
}

const problems = (await Promise.all(readdirSync(folder).map(check))).flat()
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
