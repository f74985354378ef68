import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { DefaultTheme } from "vitepress"

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url))

const read = (name: string): string => readFileSync(path(name), "utf8")

/** Where each part of the manual begins, by its first page. */
const parts: Readonly<Record<string, string>> = {
  "getting-started": "Start",
  operations: "Use the client",
  export: "Move many customers",
  configuration: "Configure and test",
  runtimes: "Runtimes",
  "what-happens-when": "Details"
}

const rowPattern = /^\|.*\| \[([^\]]+)\]\(docs\/([a-z-]+)\.md\).*\|$/gm

const [, table = ""] = read("README.md").split(/^## The manual$/m)

const entries = Array.from(table.split(/^## /m)[0]?.matchAll(rowPattern) ?? [], ([, title = "", page = ""]) => ({
  page,
  text: title.replaceAll("`", ""),
  link: `/${page}`
}))

const pages = readdirSync(path("docs"))
  .filter((name) => name.endsWith(".md") && name !== "index.md")
  .map((name) => name.slice(0, -".md".length))

const unlisted = pages.filter((page) => entries.every((entry) => entry.page !== page))
if (unlisted.length > 0) throw new Error(`The manual's table in README.md lacks ${unlisted.join(", ")}`)

/** The manual as the README lists it. */
const manual = entries
  .filter(({ page }) => pages.includes(page))
  .reduce<Array<DefaultTheme.SidebarItem & { readonly items: Array<DefaultTheme.SidebarItem> }>>((groups, entry) => {
    const last = groups.at(-1)
    const text = parts[entry.page]
    if (text === undefined && last !== undefined) last.items.push(entry)
    else groups.push({ text, items: [entry] })
    return groups
  }, [])

const packageNames = ["core", "node", "emulator", "export", "jobs", "cli"]

const modulesOf = (name: string): Array<DefaultTheme.SidebarItem> =>
  readdirSync(path(`docs/api/${name}`))
    .map((file) => file.slice(0, -".md".length))
    .map((module) => ({ text: module, link: `/api/${name}/${module}` }))

/** The generated reference: a package each, and in it a module each. */
const reference: DefaultTheme.SidebarItem = {
  text: "API reference",
  link: "/api/",
  items: packageNames.map((name) => ({ text: name, collapsed: true, items: modulesOf(name) }))
}

export const sidebar: DefaultTheme.Sidebar = [...manual, reference]
