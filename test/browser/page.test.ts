/** The page of the emulator, in a real browser. */
import * as http from "node:http"
import { expect, layer, type Vitest } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Page } from "playwright-core"
import { listening } from "../support/listen.js"
import { Chromium } from "./chromium.js"
import { faint, overflow } from "./looks.js"
import { open, withChromium } from "./support.js"

const key = `sk_live_${"0".repeat(32)}`

const user = `usr_${"a".repeat(32)}`

const customersOf = (page: Page) => page.locator("#rows tbody tr")

const requestsOf = (page: Page) => page.locator("#request-rows tr")

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true })

const statusOf = (page: Page) => page.locator("#status")

/** Waits until the page shows the text. */
const said = (page: Page, text: string) => statusOf(page).filter({ hasText: text }).waitFor()

const setFault = async (page: Page, type: string, fields: Readonly<Record<string, string>> = {}) => {
  await button(page, "Add a fault").click()
  const dialog = page.getByRole("dialog", { name: "Add a fault" })
  await dialog.getByLabel("What happens").selectOption(type)
  for (const [label, value] of Object.entries(fields)) {
    if (label === "Operation") await dialog.getByLabel(label).selectOption(value)
    else await dialog.getByLabel(label, { exact: true }).fill(value)
  }
  await button(page, "Add").click()
  await dialog.waitFor({ state: "hidden" })
}

const create = (url: string, body: unknown) =>
  fetch(`${url}/v1/express`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body)
  }).then((response) => response.json())

const flood = `Z${"\u0301".repeat(60)}`

const hostile = {
  script: "</a><script>window.pwned = true</script><img src=x onerror='window.pwned = true'>",
  bidi: "invoice\u202egpj.exe\u2066 \u05d0\u05d1\u05d2",
  controls: "line 1\nline 2\r\ttab \u0000 nul \u001b[31m red \u200b\ufeff\u2028",
  long: `${"W".repeat(4000)} end`,
  flood
}

const tests = (it: Vitest.MethodsNonLive<Chromium, true>) => {
  it.scoped("searches, opens a customer, deactivates it, sets a fault, shows a request that fails, and resets", () =>
    Effect.gen(function* () {
      const { emulator, page, wrong } = yield* open({ customers: 45 })
      yield* Effect.promise(async () => {
        await page.getByText("1 to 10 of 45").waitFor()
        await button(page, "Next").click()
        await page.getByText("11 to 20 of 45").waitFor()
        await page.locator("#search").getByLabel("Status").selectOption("false")
        await page.locator("#range", { hasNotText: "of 45" }).waitFor()
        expect(await page.locator("#rows .badge", { hasText: /^Active$/ }).count()).toBe(0)
        await page.locator("#search").getByLabel("Status").selectOption("")
      })
      const [, second] = yield* emulator.customers
      const { expressCustomerId = "", expressCustomerName = "" } = second ?? {}
      yield* Effect.promise(async () => {
        await page.getByLabel("Name or id").fill(expressCustomerId.slice(0, 20).toUpperCase())
        await page.getByText("1 to 1 of 1").waitFor()
        expect(await customersOf(page).textContent()).toContain(expressCustomerName)
        await page.getByRole("link", { name: expressCustomerName }).click()
        await page.getByRole("heading", { name: expressCustomerName }).waitFor()
        await button(page, "Deactivate").click()
        await said(page, "The customer was deactivated.")
        await page.locator("#detail .badge", { hasText: "Inactive" }).waitFor()
        const done = requestsOf(page).filter({ hasText: "customers.deactivate" })
        expect(await done.textContent()).toContain("200")

        await setFault(page, "status", {
          Status: "503",
          Operation: "customers.reactivate",
          "Headers, one per line": "retry-after: 7"
        })
        await page.locator("#fault-list li", { hasText: "Response 503" }).waitFor()
        await button(page, "Reactivate").click()
        await said(page, "503")
        const failed = requestsOf(page).filter({ hasText: "customers.reactivate" })
        expect(await failed.textContent()).toMatch(/503.*fault: status/s)
        expect(await page.locator("#fault-list li").textContent()).toContain("affected 1 so far")

        await button(page, "Clear the fault: Response 503").click()
        await page.getByText("No faults are set.").waitFor()
        await button(page, "Reactivate").click()
        await said(page, "The customer was reactivated.")
        await button(page, "Deactivate").click()
        await said(page, "The customer was deactivated.")

        await button(page, "Reset to the seed").click()
        await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click()
        await said(page, "The customers were reset to the seed.")
        await page.locator("#detail .badge", { hasText: /^Active$/ }).waitFor()
      })
      expect((yield* emulator.customers)[1]).toEqual(second)
      expect(wrong).toEqual([])
    })
  )

  it.scoped("creates and updates a customer, adds and removes users, and reports what the API refuses", () =>
    Effect.gen(function* () {
      const { emulator, page, wrong } = yield* open({ customers: 0 })
      yield* Effect.promise(async () => {
        await page.getByText("There are no customers yet.").waitFor()
        await page.getByLabel("Name or id").fill("city")
        await page.getByText("No customers match.").waitFor()
        await page.getByLabel("Name or id").fill("")
        await button(page, "New customer").click()
        await page.getByLabel("Name", { exact: true }).fill("City Medical Center")
        await button(page, "Add a pair").click()
        await page.getByRole("textbox", { name: "Key" }).fill("region")
        await page.getByRole("textbox", { name: "Value" }).fill("northeast")
        await button(page, "Save").click()
        await page.getByRole("heading", { name: "City Medical Center" }).waitFor()

        await page.getByLabel("User id").fill("nobody")
        await button(page, "Add user").click()
        await said(page, "400")
        await page.getByLabel("User id").fill(user)
        await button(page, "Add user").click()
        await page.getByRole("heading", { name: "Users (1)" }).waitFor()
        await page.getByLabel("User id").fill(user)
        await button(page, "Add user").click()
        await said(page, "already assigned")
        await button(page, `Remove ${user}`).click()
        await page.getByRole("heading", { name: "Users (0)" }).waitFor()

        await button(page, "Edit").click()
        await page.getByLabel("Name", { exact: true }).fill("x".repeat(300))
        await page.getByRole("textbox", { name: "Value" }).fill("y".repeat(1001))
        await button(page, "Save").click()
        await page.getByRole("alert").filter({ hasText: "400" }).waitFor()
        await page.getByLabel("Name", { exact: true }).fill("Renamed")
        await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click()
        await button(page, "Save").click()
        await page.getByRole("heading", { name: "Renamed" }).waitFor()
      })
      const [customer] = yield* emulator.customers
      expect(customer).toMatchObject({ expressCustomerName: "Renamed", userCount: 0, isActive: true })
      expect(customer?.metadata ?? null).toBeNull()
      expect(wrong).toEqual([])
    })
  )

  it.scoped("shows every kind of fault that can be set, and reports what is wrong with one", () =>
    Effect.gen(function* () {
      const { page, wrong } = yield* open()
      yield* Effect.promise(async () => {
        const types = await page
          .getByLabel("What happens")
          .locator("option")
          .evaluateAll((options) => options.map((option) => option.getAttribute("value") ?? ""))
        for (const type of types) await setFault(page, type)
        expect(await page.locator("#fault-list strong").allTextContents()).toEqual([
          "Response 503",
          "Delay of 2,000 ms",
          "Connection reset before the response",
          "Body cut off",
          "HTML page, status 503",
          "Request processed, response lost",
          "429 above 5 requests per second",
          "Cursor repeated",
          "hasMore without a cursor",
          "Customer inserted at 0",
          "Customer deleted at 0"
        ])
        await button(page, "Add a fault").click()
        await page.getByLabel("Headers, one per line").fill("content-length: 1")
        await button(page, "Add").click()
        await page.getByRole("alert").filter({ hasText: "headers" }).waitFor()
        await page.keyboard.press("Escape")
        await button(page, "Clear all").click()
        await page.getByText("No faults are set.").waitFor()
      })
      expect(wrong).toEqual([])
    })
  )

  it.scoped("shows hostile names and metadata as text, and sends back unchanged what was not touched", () =>
    Effect.gen(function* () {
      const { emulator, page, wrong } = yield* open({ customers: 0 })
      const names = Object.values(hostile).map((text) => text.slice(0, 255))
      const metadata = Object.fromEntries([
        ...Object.entries(hostile).map(([name, text]) => [name, text.slice(0, 1000)]),
        ["<script>window.pwned = true</script>", "key"],
        ["bidi \u202e key\r\n", "key"],
        ["__proto__", "own"]
      ])
      for (const name of names)
        yield* Effect.promise(() => create(emulator.url, { expressCustomerName: name, metadata }))
      yield* Effect.promise(async () => {
        await page.reload()
        await customersOf(page)
          .nth(names.length - 1)
          .waitFor()
        for (const [index, name] of names.entries()) {
          await customersOf(page).nth(index).getByRole("link").click()
          await page.locator("#detail-title").waitFor()
          await button(page, "Edit").click()
          await page.getByRole("textbox", { name: "Value" }).last().fill("changed")
          await button(page, "Save").click()
          await said(page, "The customer was updated.")
          const heading = await page.locator("#detail-title").textContent()
          const raw = /[\u202a-\u202e\u2066-\u2069\u200b\u2028\ufeff\p{Cc}]/u
          expect(heading).not.toMatch(raw)
          expect(await page.locator(".metadata").textContent()).not.toMatch(raw)
          if (name === hostile.bidi) expect(heading).toContain("invoiceU+202Egpj.exeU+2066")
          if (name === hostile.controls)
            expect(heading).toContain("line 1U+000Aline 2U+000DU+0009tab U+0000 nul U+001B[31m")
          await page.getByRole("link", { name: "All customers" }).click()
          await customersOf(page).first().waitFor()
        }
        expect(await page.evaluate(() => Reflect.get(window, "pwned"))).toBeUndefined()
        expect(await page.locator("main script, main img, main [onerror]").count()).toBe(0)
      })
      const customers = yield* emulator.customers
      expect(customers.map(({ expressCustomerName }) => expressCustomerName)).toEqual(names)
      for (const customer of customers)
        expect(Object.entries(customer.metadata ?? {})).toEqual(
          Object.entries({ ...metadata, ...Object.fromEntries([["__proto__", "changed"]]) })
        )
      expect(wrong).toEqual([])
    })
  )

  it.scoped("works with the keyboard alone, and the focus is visible and never lost", () =>
    Effect.gen(function* () {
      const { emulator, page, wrong } = yield* open()
      const focused = () =>
        page.evaluate(() => {
          const { activeElement: element } = document
          if (element === null || element === document.body) return "lost"
          const { outlineStyle, outlineWidth } = getComputedStyle(element)
          if (outlineStyle === "none" || outlineWidth === "0px") return `not seen: ${element.outerHTML.slice(0, 80)}`
          return element.getAttribute("aria-label") ?? element.textContent?.trim() ?? ""
        })
      const walk = async (to: string, keyName = "Tab") => {
        for (let steps = 0; steps < 60; steps++) {
          await page.keyboard.press(keyName)
          const at = await focused()
          expect(at).not.toMatch(/^lost|^not seen/)
          if (at === to || (to !== "" && at.startsWith(to))) return
        }
        expect.fail(`${to} is not reached by ${keyName}`)
      }
      const [first] = yield* emulator.customers
      yield* Effect.promise(async () => {
        await customersOf(page).first().waitFor()
        await walk("Reset to the seed")
        await page.keyboard.press("Enter")
        await walk("Reset")
        await page.keyboard.press("Escape")
        expect(await focused()).toBe("Reset to the seed")
        await walk(first?.expressCustomerName ?? "")
        await page.keyboard.press("Enter")
        await page.locator("#detail-title:focus").waitFor()
        await walk("Deactivate")
        await page.keyboard.press("Space")
        await said(page, "The customer was deactivated.")
        expect(await focused()).toBe("Reactivate")
        await page.keyboard.press("Enter")
        await said(page, "The customer was reactivated.")
        await walk("Remove")
        const label = await focused()
        await page.keyboard.press("Enter")
        await said(page, "The user was removed.")
        await page.keyboard.type(label.replace("Remove ", ""))
        await page.keyboard.press("Enter")
        await said(page, "The user was added.")
        await walk("← All customers", "Shift+Tab")
        await page.keyboard.press("Enter")
        await page.locator("#rows a:focus").waitFor()
        expect(await focused()).toBe(first?.expressCustomerName)
        await walk("Add a fault")
        await page.keyboard.press("Enter")
        await page.keyboard.press("ArrowDown")
        await walk("Add")
        await page.keyboard.press("Enter")
        await said(page, "The fault was set.")
        expect(await focused()).toBe("Add a fault")
        await walk("Clear the fault: Delay")
        await page.keyboard.press("Enter")
        await said(page, "The fault was cleared.")
        expect(await focused()).toBe("Add a fault")
      })
      expect(wrong).toEqual([])
    })
  )

  it.scoped("fits a phone of 360 pixels, and is legible in light and dark", () =>
    Effect.gen(function* () {
      const { emulator, page, wrong } = yield* open({ customers: 3 }, { viewport: { width: 360, height: 740 } })
      for (const text of Object.values(hostile)) {
        const metadata = { [text.slice(0, 100)]: text.slice(0, 1000) }
        yield* Effect.promise(() => create(emulator.url, { expressCustomerName: text.slice(0, 255), metadata }))
      }
      yield* Effect.promise(async () => {
        await setFault(page, "status", { Operation: "customers.update" })
        await requestsOf(page).nth(4).waitFor()
        await customersOf(page).nth(7).waitFor()
        expect(await overflow(page)).toEqual({ page: 0, dialogs: [] })
        for (const index of [3, 4, 5, 6, 7]) {
          await customersOf(page).nth(index).getByRole("link").click()
          await page.locator("#detail-title").waitFor()
          expect(await overflow(page)).toEqual({ page: 0, dialogs: [] })
          await button(page, "Edit").click()
          expect(await overflow(page)).toEqual({ page: 0, dialogs: [0] })
          if (index === 7) await button(page, "Save").click()
          else await page.keyboard.press("Escape")
          if (index === 7) await page.getByRole("alert").filter({ hasText: "503" }).waitFor()
          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme })
            expect(await faint(page)).toEqual([])
          }
          if (index < 7) await page.goBack()
        }
        await page.keyboard.press("Escape")
        await button(page, "Add a fault").click()
        expect(await overflow(page)).toEqual({ page: 0, dialogs: [0] })
      })
      expect(wrong).toEqual([])
    })
  )

  it.scoped("asks for the emulator's key, and never shows it", () =>
    Effect.gen(function* () {
      const { emulator, page, wrong } = yield* open({ apiKey: Redacted.make("the-only-key") })
      const [first] = yield* emulator.customers
      yield* Effect.promise(async () => {
        await page
          .getByRole("link", { name: first?.expressCustomerName ?? "" })
          .first()
          .click()
        await button(page, "Deactivate").click()
        for (const typed of ["another-key", "the-only-key"]) {
          const field = page.getByRole("dialog", { name: "API key" }).getByLabel("Key")
          expect(await field.getAttribute("type")).toBe("password")
          expect(await field.inputValue()).toBe("")
          await field.fill(typed)
          await button(page, "Use this key").click()
        }
        await said(page, "The customer was deactivated.")
        await button(page, "Reactivate").click()
        await said(page, "The customer was reactivated.")
        const content = await page.evaluate(() => [
          document.documentElement.outerHTML,
          ...[...document.querySelectorAll("input")].map(({ value }) => value),
          JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])
        ])
        expect(content.join()).not.toMatch(/the-only-key|another-key/)
      })
      expect(wrong).toEqual([])
    })
  )

  it.scoped("waits for an emulator whose connection breaks, and describes a broken response", () =>
    Effect.gen(function* () {
      const { emulator, page, wrong } = yield* open()
      yield* Effect.promise(async () => {
        await customersOf(page).first().getByRole("link").click()
        for (const [type, text] of [
          ["reset", "The connection ended"],
          ["html", "is not JSON"],
          ["status", "503: there is no body"],
          ["cutBody", "The connection ended"],
          ["loseResponse", "The connection ended"]
        ] as const) {
          // A browser repeats a request by itself if a reused connection is reset.
          await setFault(page, type)
          await page.getByRole("button", { name: /activate$/ }).click()
          await said(page, text)
          await button(page, "Clear all").click()
          await page.getByText("No faults are set.").waitFor()
        }
        await page.route("**/__emulator/**", (route) => route.abort())
        await said(page, "The emulator does not respond.")
        await page.unroute("**/__emulator/**")
        await said(page, "The emulator responds again.")
        await requestsOf(page).nth(4).waitFor()
      })
      const shown = yield* Effect.promise(() => requestsOf(page).count())
      expect(shown).toBe((yield* emulator.requests).length)
      expect(wrong).toEqual([])
    })
  )

  it.scoped("forgets requests that a program cleared or that another emulator received", () =>
    Effect.gen(function* () {
      const { emulator, page, wrong } = yield* open()
      yield* Effect.promise(async () => {
        for (const expressCustomerName of ["one", "two", "three"]) await create(emulator.url, { expressCustomerName })
        await requestsOf(page).nth(2).waitFor()
      })
      yield* emulator.clearRequests
      yield* Effect.promise(async () => {
        await requestsOf(page).first().waitFor({ state: "detached" })
        await create(emulator.url, { expressCustomerName: "after" })
        await requestsOf(page).first().waitFor()
        expect(await requestsOf(page).count()).toBe(1)
      })
      const [request] = yield* emulator.requests
      const requests = [{ ...request, id: 1, time: "2026-01-01T00:00:00.000Z", path: "/of-another" }]
      yield* Effect.promise(async () => {
        await page.route(/requests[?]after=0/, (route) => route.fulfill({ json: { requests } }))
        await page.route(/requests[?]after=[1-9]/, (route) => route.fulfill({ json: { requests: [] } }))
        await requestsOf(page).filter({ hasText: "/of-another" }).waitFor()
        expect(await requestsOf(page).count()).toBe(1)
      })
      expect(wrong).toEqual([])
    })
  )

  it.scoped("a page of another site can neither change the emulator nor read it nor frame it", () =>
    Effect.gen(function* () {
      const browser = yield* Chromium
      const { emulator } = yield* open()
      const before = yield* emulator.customers
      yield* Effect.promise(() => create(emulator.url, { expressCustomerName: "stays" }))
      const port = yield* listening(
        http.createServer((_, response) => response.setHeader("content-type", "text/html").end("<p>"))
      )
      yield* Effect.promise(async () => {
        // localhost is a different site from 127.0.0.1; another port is another origin of the same site.
        for (const origin of [`http://localhost:${port}`, `http://127.0.0.1:${port}`]) {
          const page = await browser.newPage()
          await page.goto(origin)
          const tried = await page.evaluate(async (url) => {
            const outcomes: Array<string> = []
            const attempts: ReadonlyArray<readonly [string, RequestInit]> = [
              ["reset", { method: "POST", mode: "no-cors" }],
              ["reset", { method: "POST", mode: "no-cors", body: "{}" }],
              ["reset", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }],
              ["faults", { method: "POST", mode: "no-cors", body: '{"type":"status","status":500}' }],
              ["faults", { method: "DELETE" }],
              ["customers", {}]
            ]
            for (const [path, init] of attempts) {
              const outcome = await fetch(`${url}/__emulator/${path}`, init).then(
                ({ type }) => type,
                () => "refused"
              )
              outcomes.push(outcome)
            }
            return outcomes
          }, emulator.url)
          expect(tried).toEqual(["opaque", "opaque", "refused", "opaque", "refused", "refused"])
          for (const enctype of ["application/x-www-form-urlencoded", "text/plain"]) {
            await page.goto(`${origin}/form`)
            const answered = page.waitForResponse((response) => response.url().startsWith(emulator.url))
            await page.evaluate(
              ([action = "", enctype = ""]) => {
                const form = Object.assign(document.createElement("form"), { action, enctype, method: "post" })
                document.body.append(form)
                form.submit()
              },
              [`${emulator.url}/__emulator/reset`, enctype]
            )
            expect((await answered).status()).toBe(403)
            await page.waitForURL(`${emulator.url}/**`)
          }
          await page.close()
        }
      })
      expect(yield* emulator.count).toBe(before.length + 1)
    })
  )

  it.scoped("/docs works offline, including its try-out forms, under a strict policy", () =>
    Effect.gen(function* () {
      const { page, wrong } = yield* open({}, { path: "/docs" })
      yield* Effect.promise(async () => {
        await page.getByText("Avara Express API (emulator)").first().waitFor()
        await page.getByRole("button", { name: "Authorize" }).first().click()
        await page
          .getByLabel(/auth-bearer-value|Value/i)
          .first()
          .fill(key)
        await page.locator(".modal-btn.authorize").click()
        await page.locator(".btn-done").click()
        await page.locator(".opblock-summary", { hasText: "List customers" }).click()
        await page.getByRole("button", { name: "Try it out" }).click()
        await page.getByRole("button", { name: "Execute" }).click()
        await page.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor()
        expect(await page.locator(".live-responses-table").textContent()).toContain("expressCustomers")
      })
      expect(wrong).toEqual([])
    })
  )
}

withChromium("the page of the emulator", (name) => layer(Chromium.layer, { excludeTestServices: true })(name, tests))
