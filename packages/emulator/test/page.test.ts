import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { expect, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Emulator from "../src/Emulator.js"
import { ask } from "./support.js"

const anonymous = { headers: { authorization: "" } }

const folder = new URL("../src/internal/page/", import.meta.url)

const files = readdirSync(folder).filter((name) => /\.(?:css|js|svg)$/.test(name))

/** Returns the directives of a policy by name. */
const policyOf = (headers: Headers): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (headers.get("content-security-policy") ?? "").split("; ").map((directive) => {
      const [name = "", ...values] = directive.split(" ")
      return [name, values.join(" ")]
    })
  )

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

layer(Emulator.layer(), { excludeTestServices: true })("the page", (it) => {
  it.effect("has a policy that allows only its own files, and contains nothing inline", () =>
    Effect.gen(function* () {
      const page = yield* ask("/", anonymous)
      expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"])
      expect(policyOf(page.headers)).toEqual({
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'"
      })
      expect(page.headers.get("x-content-type-options")).toBe("nosniff")
      expect(page.text).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?! type="module" src="\/)|https?:/)
      const named = [...page.text.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map((match) => match[1] ?? "")
      for (const path of named) expect([path, (yield* ask(path, anonymous)).status]).toEqual([path, 200])
    })
  )

  it.effect("serves all of its files, and they write no HTML", () =>
    Effect.gen(function* () {
      expect(files.length).toBeGreaterThan(5)
      for (const name of files) {
        const { headers, status, text } = yield* ask(`/__emulator/page/${name}`, anonymous)
        expect([name, status]).toEqual([name, 200])
        expect(headers.get("content-type")).toMatch(/^(?:text\/(?:javascript|css); charset=utf-8|image\/svg\+xml)$/)
        expect(policyOf(headers)["default-src"]).toBe("'none'")
        expect(text).toBe(readFileSync(new URL(name, folder), "utf8"))
        expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/)
      }
      expect((yield* ask("/__emulator/page/tsconfig.json", anonymous)).status).toBe(404)
      expect((yield* ask("/__emulator/page/..%2fpage.ts", anonymous)).status).toBe(404)
    })
  )

  it.effect("/docs is Swagger's page, and the policy allows its script and its style by their hashes", () =>
    Effect.gen(function* () {
      const { headers, status, text } = yield* ask("/docs", anonymous)
      expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"])
      const contentOf = (tag: string) =>
        [...text.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, "gs"))].map(([, content = ""]) => content)
      expect(policyOf(headers)).toMatchObject({
        "default-src": "'none'",
        "script-src": contentOf("script").map(hashOf).join(" "),
        "style-src": contentOf("style").map(hashOf).join(" "),
        "connect-src": "'self'"
      })
      expect(contentOf("script")).toHaveLength(1)
      expect(text).not.toMatch(/<script[^>]+src|<link|@import/)
      for (const word of ["Create a customer", "/v1/express/{expressCustomerId}/users", "customer_inactive"]) {
        expect(text).toContain(word)
      }
    })
  )
})

it.effect("a second emulator has its own page", () =>
  Effect.gen(function* () {
    expect((yield* ask("/", anonymous)).status).toBe(200)
    expect((yield* ask("/docs", anonymous)).status).toBe(200)
  }).pipe(Effect.provide(Emulator.layer()))
)
