import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Browser, chromium } from "playwright-core"

export const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium"

const args = [
  "--disable-gpu",
  "--disable-quic",
  "--no-proxy-server",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync"
]

/** One browser for all tests of a file, with its own temporary user data directory. */
export class Chromium extends Context.Tag("Chromium")<Chromium, Browser>() {
  static readonly layer = Layer.scoped(
    Chromium,
    Effect.acquireRelease(
      Effect.promise(() => chromium.launch({ executablePath, args, headless: true, chromiumSandbox: false })),
      (browser) => Effect.promise(() => browser.close())
    )
  )
}
