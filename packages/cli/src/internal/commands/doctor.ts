import * as Effect from "effect/Effect"
import { ExitCode } from "../../ExitCode.js"
import * as Client from "../client.js"
import * as Checks from "../doctor/checks.js"
import { EndedWith } from "../failure.js"
import { isTable } from "../form.js"
import { Output } from "../output.js"
import type { Task } from "../services.js"
import type { Style } from "../style.js"
import { concat, jsonLine, oneLine, type SafeText, safe } from "../text.js"

const colors = { ok: "green", failed: "red", skipped: "dim" } as const

const line = ({ advice, detail, name, status }: Checks.Check, style: Style): SafeText => {
  const first = safe`${style[colors[status]](status.padEnd(7))}  ${name.padEnd(10)}  ${oneLine(detail)}\n`
  return advice === undefined ? first : safe`${first}${" ".repeat(21)}${advice}\n`
}

const write = (checks: ReadonlyArray<Checks.Check>) =>
  Effect.gen(function* () {
    const { out } = yield* Output
    const isText = yield* isTable
    yield* out.write(concat(checks.map((check) => (isText ? line(check, out.style) : jsonLine(check)))))
  })

const wayThere = (url: URL) => Effect.map(Checks.checkHost(url), (checks) => [Checks.checkProxy(url), ...checks])

export const doctor: Task = Effect.gen(function* () {
  const provider = yield* Client.provider
  const key = yield* Checks.checkKey(provider)
  const [settings, url] = yield* Checks.checkSettings(provider)
  yield* write([key, settings])
  const way = url === undefined ? [] : yield* wayThere(url)
  yield* write(way)
  const page = url === undefined ? [] : yield* Checks.checkFirstPage(provider)
  yield* write(page)
  const isFailed = [key, settings, ...way, ...page].some(({ status }) => status === "failed")
  if (isFailed) return yield* new EndedWith({ code: ExitCode.failure })
}).pipe(Effect.scoped)
