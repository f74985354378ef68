import { existsSync } from "node:fs"
import { expect, it } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { BrowserContextOptions, Page } from "playwright-core"
import { Chromium, executablePath } from "./chromium.js"

/** The missing requirement of these tests, if any. */
const missing = existsSync(executablePath)
  ? undefined
  : `needs chromium: install it (apt-get install chromium) or name it by CHROMIUM_PATH, as ${executablePath} does not exist`

/** Defines the tests if there is a browser. Without one, a person's run skips them, and a run that must be complete fails. */
export const withChromium = (name: string, define: (name: string) => void): void => {
  if (missing === undefined) define(name)
  else if (process.env["CI"] === undefined) it.skip(`${name} (${missing})`, () => {})
  else it(`${name}: ${missing}`, () => expect.fail(missing))
}

export interface Shown {
  readonly page: Page
  /** The faults of a page: errors, violations of its policy, and requests to other hosts. */
  readonly wrong: ReadonlyArray<string>
}

export interface Opened extends Shown {
  readonly emulator: Emulator.EmulatorService
}

export type Window = BrowserContextOptions & { readonly path?: string }

const deadlineMillis = 15_000

/** The page at a URL, in a new window. */
export const show = Effect.fnUntraced(function* (url: string, { path = "/", ...window }: Window = {}) {
  const browser = yield* Chromium
  const context = yield* Effect.acquireRelease(
    Effect.promise(() =>
      browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...window })
    ),
    (context) => Effect.promise(() => context.close())
  )
  context.setDefaultTimeout(deadlineMillis)
  const wrong: Array<string> = []
  const page = yield* Effect.promise(() => context.newPage())
  page.on("pageerror", (error) => wrong.push(String(error)))
  page.on("dialog", (dialog) => {
    wrong.push(dialog.message())
    void dialog.dismiss()
  })
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) wrong.push(message.text())
  })
  page.on("request", (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(url)) wrong.push(request.url())
  })
  yield* Effect.promise(() => page.goto(`${url}${path}`))
  return { page, wrong } satisfies Shown
})

/** The page of a new emulator, in a new window. */
export const open = Effect.fnUntraced(function* (options: Emulator.Options = {}, window: Window = {}) {
  const emulator = Context.get(yield* Layer.build(Emulator.layer({ customers: 30, ...options })), Emulator.Emulator)
  return { emulator, ...(yield* show(emulator.url, window)) } satisfies Opened
})
