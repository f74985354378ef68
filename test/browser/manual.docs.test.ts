/** The built site of the manual, in a real browser and without a network. */
import { existsSync, readFileSync } from "node:fs"
import * as http from "node:http"
import { extname, join } from "node:path"
import { expect, layer, type Vitest } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Page } from "playwright-core"
import { root } from "../scripts/workspace.js"
import { listen } from "../support/listen.js"
import { Chromium } from "./chromium.js"
import { overflow } from "./looks.js"
import { show, type Window, withChromium } from "./support.js"

const site = join(root, "out/docs")

const base = process.env["DOCS_BASE"] ?? "/"

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml"
}

const respond: http.RequestListener = (request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://localhost")
  // A browser asks for it when it shows a file that is not HTML.
  if (pathname === "/favicon.ico") return response.writeHead(204).end()
  const name = pathname.endsWith("/") ? `${pathname}index.html` : pathname
  const file = join(site, decodeURIComponent(name.replace(base, "/")))
  if (!pathname.startsWith(base) || !existsSync(file)) return response.writeHead(404).end()
  return response
    .writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" })
    .end(readFileSync(file))
}

/** A page of the site, and everything that must not happen on it: errors, failed requests, and requests to other hosts. */
const visit = Effect.fnUntraced(function* (path: string, window: Window = {}) {
  const { page, wrong } = yield* show(yield* listen(http.createServer(respond)), {
    ...window,
    path: `${base}hashmap.json`
  })
  const errors: Array<string> = []
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      errors.push(`${message.text()} ${message.location().url}`)
  })
  yield* Effect.promise(() => page.goto(new URL(`${base}${path}`, page.url()).href, { waitUntil: "networkidle" }))
  return { page, wrong: () => [...wrong, ...errors] }
})

const schemes = ["light", "dark"] as const

const phone = { width: 360, height: 740 }

const headings = (page: Page) => page.getByRole("heading", { level: 1 })

const paths = [
  "",
  "errors.html",
  "what-happens-when.html",
  "jobs.html",
  "api/core/Customers.html",
  "api/core/AvaraError.html"
]

const tests = (it: Vitest.MethodsNonLive<Chromium, false>) => {
  it.scoped("shows the first program and the promises on its front page", () =>
    Effect.gen(function* () {
      const { page, wrong } = yield* visit("")
      yield* Effect.promise(async () => {
        expect(await headings(page).textContent()).toContain("An Effect client for the Avara Express API")
        expect(await page.locator(".vp-doc pre").first().textContent()).toContain('from "@effect-avara/core"')
        expect(await page.locator(".vp-doc table tr").count()).toBeGreaterThan(5)
      })
      expect(wrong()).toEqual([])
    })
  )

  it.scoped("finds a word, and follows the result", () =>
    Effect.gen(function* () {
      const { page, wrong } = yield* visit("")
      yield* Effect.promise(async () => {
        await page.getByRole("button", { name: "Search" }).click()
        await page.getByRole("searchbox").fill("OutcomeUnknown")
        await page.locator(".VPLocalSearchBox .result").first().click()
        await page.waitForURL(/html#/)
        await page.locator(".vp-doc", { hasText: "OutcomeUnknown" }).waitFor()
      })
      expect(wrong()).toEqual([])
    })
  )

  it.scoped("follows a link into the reference, and from there to an error", () =>
    Effect.gen(function* () {
      const { page, wrong } = yield* visit("")
      yield* Effect.promise(async () => {
        await page.getByRole("navigation").getByRole("link", { name: "API reference" }).first().click()
        await page.locator(".vp-doc").getByRole("link", { name: "core/Customers" }).click()
        await page.waitForURL(/core\/Customers\.html$/)
        await page.locator(".vp-doc").getByRole("link", { name: "CreateError" }).first().click()
        await page.waitForURL(/core\/AvaraError\.html#createerror$/)
        await page.locator("#createerror").waitFor()
      })
      expect(wrong()).toEqual([])
    })
  )

  for (const colorScheme of schemes) {
    it.scoped(`fits a phone in ${colorScheme}`, () =>
      Effect.forEach(paths, (path) =>
        Effect.gen(function* () {
          const { page, wrong } = yield* visit(path, { colorScheme, viewport: phone })
          expect([path, yield* Effect.promise(() => overflow(page))]).toEqual([path, { page: 0, dialogs: [] }])
          expect(wrong()).toEqual([])
        })
      )
    )
  }
}

withChromium("the site of the manual", (name) => layer(Chromium.layer)(name, tests))
