/** The page of the jobs, in a real browser. */
import * as http from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { expect, layer, type Vitest } from "@effect/vitest"
import { Jobs, JobsDatabaseFailed, JobsPage } from "@effect-avara/jobs"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import type { Page } from "playwright-core"
import { type FakeJob, fakeJob, idOf, makeFakeJobs, samplesAt, secretOfRow } from "../../packages/jobs/test/fakeJobs.js"
import { clinics, fileOf, worked } from "../../packages/jobs/test/support.js"
import { Chromium } from "./chromium.js"
import { faint, overflow } from "./looks.js"
import { show, type Window, withChromium } from "./support.js"

const Server = NodeHttpServer.layerServer(() => http.createServer(), { host: "127.0.0.1", port: 0 })

/** The page of these jobs, in a new window. */
const open = Effect.fnUntraced(function* (
  given: ReadonlyArray<FakeJob>,
  { token, ...window }: Window & JobsPage.Options = {}
) {
  const jobs = makeFakeJobs(given)
  const built = yield* JobsPage.layer({ token }).pipe(
    Layer.provide(Server),
    Layer.provide(Layer.succeed(Jobs.Jobs, jobs.service)),
    Layer.provide(Logger.remove(Logger.defaultLogger)),
    Layer.build
  )
  const { signInUrl, url } = Context.get(built, JobsPage.JobsPage)
  return { jobs, signInUrl, url, ...(yield* show(url, { path: "", ...window })) }
})

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true })

/** Waits until the page shows the text. */
const said = (page: Page, text: string) => page.locator("#status").filter({ hasText: text }).waitFor()

const rowsOf = (page: Page) => page.locator("#job-rows tbody tr")

const stateIs = (page: Page, text: string) => page.locator("#job-state", { hasText: text }).waitFor()

const fact = (page: Page, name: string) =>
  page
    .locator("#facts div")
    .filter({ has: page.locator("dt", { hasText: name }) })
    .locator("dd")

const doneOf = async (page: Page) => Number((await fact(page, "Done").textContent())?.replaceAll(",", ""))

/** Makes the page poll now instead of within a second. */
const look = (page: Page) => page.evaluate(() => void dispatchEvent(new Event("refresh")))

const xss = "</h2><script>window.pwned = true</script><img src=x onerror='window.pwned = true'>.csv"

const flood = `${"very-long-name-".repeat(60)}\u202egpj.csv`

const tests = (it: Vitest.MethodsNonLive<Chromium, true>) => {
  it.scoped("watches an import, cancels it, and retries it", () =>
    Effect.gen(function* () {
      const built = yield* Layer.build(
        JobsPage.layer().pipe(
          Layer.provide(Server),
          Layer.provideMerge(worked({ faults: [{ type: "delay", millis: 200 }] }, { lanes: 2 }))
        )
      )
      const { page, wrong } = yield* Effect.gen(function* () {
        const jobs = yield* Jobs.Jobs
        const file = yield* fileOf("clinics.csv", `${clinics(1000)}\n""`)
        yield* jobs.submitImport({ file })
        const { url } = yield* JobsPage.JobsPage
        return yield* show(url, { path: "" })
      }).pipe(Effect.provide(built))
      yield* Effect.promise(async () => {
        await page.getByRole("link", { name: "clinics.csv" }).click()
        await page.locator("#job-title:focus").waitFor()
        await stateIs(page, "Running")
        await page.locator("#reject-rows tbody th", { hasText: "1,002" }).waitFor()
        await page.locator("#chart .line.done").waitFor()
        const before = await doneOf(page)
        await page.waitForFunction(
          (before) => Number(/\d+/.exec(document.querySelector("#progress")?.textContent ?? "")?.[0]) > before + 10,
          before
        )
        await button(page, "Cancel").click()
        await button(page, "Go back").click()
        await button(page, "Cancel").click()
        await button(page, "Cancel the job").click()
        await said(page, "No more rows are started.")
        await stateIs(page, "Cancelled")
        await button(page, "Retry").click()
        await button(page, "Retry the job").click()
        await said(page, "as run 2")
        await fact(page, "Run").filter({ hasText: "2 (after 1 retry)" }).waitFor()
      })
      expect(wrong).toEqual([])
    })
  )

  it.scoped("pages through 10,000 jobs and 500,000 rejects, and filters", () =>
    Effect.gen(function* () {
      const { page, wrong } = yield* open(
        Array.from({ length: 10_000 }, (_, index) =>
          fakeJob(index, { state: index % 5 === 0 ? "failed" : "done" }, { rejects: 500_000 })
        )
      )
      yield* Effect.promise(async () => {
        await rowsOf(page).nth(24).waitFor()
        await button(page, "Next").click()
        await page.getByRole("link", { name: "clinics-9974.csv" }).waitFor()
        await page.getByLabel("State").selectOption("failed")
        await page.getByRole("link", { name: "clinics-9995.csv" }).waitFor()
        expect(await rowsOf(page).locator(".badge").allTextContents()).toEqual(Array(25).fill("Failed"))
        await page.getByRole("link", { name: "clinics-9995.csv" }).click()
        const lines = page.locator("#reject-rows tbody th")
        await lines.nth(49).waitFor()
        await button(page, "Next").click()
        await lines.first().filter({ hasText: /^51$/ }).waitFor()
        await page.getByLabel("From line").fill("499990")
        await button(page, "Go").click()
        await lines.first().filter({ hasText: "499,990" }).waitFor()
        expect(await lines.count()).toBe(11)
        expect(await page.locator("#reject-rows").textContent()).toContain("row 499990 <b>is</b> refused")
        expect(await page.content()).not.toContain(secretOfRow)
        await page.goBack()
        await page.getByRole("link", { name: "clinics-9995.csv" }).waitFor()
        expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("clinics-9995.csv")
      })
      expect(wrong).toEqual([])
    })
  )

  it.scoped("shows a hostile name and message as text, fits a phone, and is legible in light and dark", () =>
    Effect.gen(function* () {
      const failure = { tag: "Forbidden", message: "<img src=x onerror='window.pwned = true'>" }
      const samples = samplesAt(40, 90)
      const { page, wrong } = yield* open(
        [
          fakeJob(1, { subject: xss, state: "failed", failure }, { samples, rejects: 3 }),
          fakeJob(2, { subject: flood, waitingFor: "the API, which responds with 503", run: 3 }, { samples })
        ],
        { viewport: { width: 360, height: 740 } }
      )
      yield* Effect.promise(async () => {
        await rowsOf(page).nth(1).waitFor()
        for (const path of ["", `#job=${idOf(1)}`, `#job=${idOf(2)}`]) {
          await page.evaluate((hash) => (location.hash = hash), path)
          if (path !== "") await page.locator("#chart svg").waitFor()
          await page.locator("#samples").evaluate((details) => details.toggleAttribute("open", true))
          expect(await overflow(page)).toEqual({ page: 0, dialogs: [] })
          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme })
            expect(await faint(page)).toEqual([])
          }
        }
        expect(await page.locator("#job-title").textContent()).toMatch(/U\+202Egpj\.csv$/)
        await page.goBack()
        await page.locator("#job-title", { hasText: xss }).waitFor()
        expect(await page.locator("#notes").textContent()).toBe(`Failed: Forbidden: ${failure.message}`)
        expect(await page.evaluate(() => Reflect.get(window, "pwned"))).toBeUndefined()
        expect(await page.locator("main script, main img, main [onerror]").count()).toBe(0)
        const chart = page.getByRole("img", { name: "Rows done and rejected over time" })
        expect(await chart.locator("desc").textContent()).toBe("After 1 min 30 s, 3,600 rows done and 0 rejected.")
        expect(await page.locator("#samples tbody tr").last().textContent()).toContain("3,600")
      })
      expect(wrong).toEqual([])
    })
  )

  it.scoped("reports a failure and that it waits, then shows the jobs again", () =>
    Effect.gen(function* () {
      const { jobs, page, url } = yield* open([fakeJob(1)], { path: `#job=${idOf(1)}` })
      yield* Effect.promise(async () => {
        await stateIs(page, "Running")
        jobs.breakWith(new JobsDatabaseFailed({ reason: "busy", detail: "own words" }))
        await look(page)
        await said(page, "another program holds a lock on it")
        jobs.breakWith(undefined)
        await page.route(`${url}api/**`, (route) => route.abort())
        await look(page)
        await said(page, "The server of this page does not respond.")
        jobs.change(idOf(1), { state: "done" })
        await page.unroute(`${url}api/**`)
        await look(page)
        await said(page, "The page is up to date again.")
        await stateIs(page, "Done")
        await button(page, "Retry").click()
        jobs.change(idOf(1), { state: "queued" })
        await button(page, "Retry the job").click()
        await said(page, "Cannot retry")
        await page.goto(`${url}#job=job_none`)
        await said(page, "There is no job")
        await rowsOf(page).first().waitFor()
      })
    })
  )

  it.scoped("asks for the token, removes it from the address, and stores it nowhere", () =>
    Effect.gen(function* () {
      const text = "the-only-token-there-is"
      const { page, signInUrl, url, wrong } = yield* open([fakeJob(1)], { token: Redacted.make(text) })
      yield* Effect.promise(async () => {
        for (const typed of ["another-token-than-this", "ümlaut"]) {
          await page.getByLabel("Token").fill(typed)
          await button(page, "Sign in").click()
          await said(page, "The token is missing or wrong.")
          expect(await page.getByLabel("Token").inputValue()).toBe("")
        }
        expect(await rowsOf(page).count()).toBe(0)
        await page.goto(Redacted.value(signInUrl))
        await rowsOf(page).first().waitFor()
        const content = await page.evaluate(() => [
          document.documentElement.outerHTML,
          JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])
        ])
        expect(content.join()).not.toContain(text)
        expect(page.url()).toBe(url)
        await page.reload()
        await rowsOf(page).first().waitFor()
        expect((await page.context().cookies()).map(({ httpOnly, value }) => [httpOnly, value.includes(text)])).toEqual(
          [[true, false]]
        )
      })
      expect(wrong).toEqual([])
    })
  )
}

withChromium("the page of the jobs", (name) => layer(Chromium.layer, { excludeTestServices: true })(name, tests))
