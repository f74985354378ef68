import { createRequire } from "node:module"
import { extname } from "node:path"
import { TextlintKernel, type TextlintKernelPlugin } from "@textlint/kernel"
import { rule } from "./rule.js"
import { proseOfSource } from "./source.js"

const kernel = new TextlintKernel()

// Node and Vitest see the default export of these CommonJS modules in different places.
const require = createRequire(import.meta.url)
const plugin = (pluginId: string): TextlintKernelPlugin => {
  const { default: plugin }: { readonly default: TextlintKernelPlugin["plugin"] } = require(
    `@textlint/textlint-plugin-${pluginId}`
  )
  return { pluginId, plugin }
}

const plugins = ["markdown", "text"].map(plugin)

/** Checks the prose of a page (`.md`) or a source (`.ts`), and returns a line for each word that the style refuses. */
export const check = async (path: string, text: string): Promise<ReadonlyArray<string>> => {
  const isPage = extname(path) === ".md"
  const { messages } = await kernel.lintText(isPage ? text : proseOfSource(path, text), {
    filePath: path,
    ext: isPage ? ".md" : ".txt",
    plugins,
    rules: [{ ruleId: "style", rule }]
  })
  return messages.map(({ loc, message }) => `${path}:${loc.start.line}:${loc.start.column}: ${message}`)
}
