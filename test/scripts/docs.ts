/**
 * Builds the manual and the API reference as a site in `out/docs`, and checks every link of both and of the READMEs.
 *
 * `DOCS_BASE=/folder/` builds it for a folder of a server, without the check of the built pages.
 */
import { execFileSync } from "node:child_process"
import { existsSync, readdirSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { packageFolders, root } from "./workspace.js"

const folder = join(root, "docs/.vitepress")

const run = (program: string, args: ReadonlyArray<string>, cwd = root): void => {
  execFileSync(program, args, { cwd, stdio: ["ignore", "inherit", "inherit"], shell: process.platform === "win32" })
}

const runTool = (name: string, ...args: ReadonlyArray<string>): void =>
  run(join(folder, "node_modules/.bin", name), args)

const timeOf = (path: string): number => (existsSync(path) ? statSync(path).mtimeMs : 0)

/** The tools of the site are large, and nothing else needs them: `pnpm install` leaves them out. */
const install = (): void => {
  const installed = timeOf(join(folder, "node_modules/.package-lock.json"))
  if (installed < timeOf(join(folder, "package-lock.json")))
    run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder)
}

const pagesIn = (path: string): ReadonlyArray<string> =>
  readdirSync(path)
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(path, name))

/** Links between files, as GitHub and npm show them. */
const checkFiles = (): void => {
  const files = [root, join(root, "docs"), ...packageFolders].flatMap(pagesIn)
  runTool("remark", "--frail", "--quiet", "--no-stdout", "--rc-path", join(folder, "remark.mjs"), ...files)
}

const build = (): void => {
  rmSync(join(root, "docs/api"), { recursive: true, force: true })
  runTool("typedoc", "--options", join(folder, "typedoc.json"), "--logLevel", "Warn")
  runTool("vitepress", "build", "docs", "--logLevel", "warn")
}

/** Links and anchors of the built pages. Links to other hosts are not requested. */
const checkSite = (): void => {
  const elsewhere = "^https?://(?!localhost|127\\.)"
  runTool("linkinator", "out/docs", "--recurse", "--check-fragments", "--skip", elsewhere, "--verbosity", "error")
}

install()
checkFiles()
build()
if (process.env["DOCS_BASE"] === undefined) checkSite()
console.log("The site is in out/docs: any static server can serve it.")
