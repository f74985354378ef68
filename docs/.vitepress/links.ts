import { existsSync, statSync } from "node:fs"
import { posix } from "node:path"
import { fileURLToPath } from "node:url"
import type { MarkdownRenderer } from "vitepress"

const root = fileURLToPath(new URL("../..", import.meta.url))

const repository = "https://github.com/effect-avara/effect-avara"

const pagePattern = new RegExp(`^${repository}/blob/main/docs/([a-z-]+\\.md)`)

const isFolder = (path: string): boolean => existsSync(`${root}${path}`) && statSync(`${root}${path}`).isDirectory()

const isPage = (path: string): boolean => /^docs\/.*\.md(?:#|$)/.test(path)

/** A link as it is in the repository, for the site: pages link to pages, and all other files are on the web. */
const siteLink = (href: string, page: string): string => {
  if (/^(?:[a-z]+:|#)/.test(href)) return href.replace(pagePattern, "/$1")
  const target = posix.join("docs", posix.dirname(page), href)
  return isPage(target) ? href : `${repository}/${isFolder(target) ? "tree" : "blob"}/main/${target}`
}

/** Rewrites the links of pages, which are written for readers of the repository. */
export const links = (markdown: MarkdownRenderer): void => {
  markdown.core.ruler.push("site-links", ({ env, tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === "link_open" ? token.attrGet("href") : null
      if (href !== null) token.attrSet("href", siteLink(href, env.relativePath))
    }
  })
}
