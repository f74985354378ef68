import { slug } from "github-slugger"
import { defineConfig } from "vitepress"
import { links } from "./links.js"
import { sidebar } from "./manual.js"

export default defineConfig({
  title: "effect-avara",
  description: "An Effect client for the Avara Express API: the manual and the API reference",
  base: process.env["DOCS_BASE"] ?? "/",
  outDir: "../out/docs",
  // No file of its own, and no request for one.
  head: [["link", { rel: "icon", href: "data:," }]],
  // The repository shows the same pages: their anchors are those of GitHub.
  markdown: { anchor: { slugify: slug }, config: links },
  // The index of the search is one large file, which a browser loads at the first search.
  vite: { build: { chunkSizeWarningLimit: 4000 } },
  themeConfig: {
    sidebar,
    search: {
      provider: "local",
      options: { miniSearch: { searchOptions: { boostDocument: (id: string) => (id.includes("/api/") ? 0.5 : 1) } } }
    },
    outline: { level: [2, 3], label: "On this page" },
    nav: [
      { text: "Manual", link: "/getting-started" },
      { text: "API reference", link: "/api/" }
    ],
    socialLinks: [{ icon: "github", link: "https://github.com/effect-avara/effect-avara" }]
  }
})
