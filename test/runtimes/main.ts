/** Tests the packed packages on every runtime of the table in docs/runtimes.md, and fails if a result differs from the table. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { markdown } from "../support/markdownTable.js"
import { buildPrograms, installPackages, installRuntimes } from "./install.js"
import { tryProcesses } from "./processes.js"
import { processRuntimes } from "./runtimes.js"
import { table } from "./table.js"
import { tryChromium, tryWorkerd } from "./web.js"

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => realpathSync(mkdtempSync(join(tmpdir(), "avara-runtimes-")))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

const program = Effect.gen(function* () {
  const folder = yield* temporaryFolder
  yield* Effect.all([Effect.promise(() => installPackages(folder)), Effect.promise(() => installRuntimes(folder))], {
    concurrency: 2
  })
  yield* Effect.promise(() => buildPrograms(folder))
  const tries = [
    ...processRuntimes.map((runtime) => tryProcesses(folder, runtime)),
    tryChromium(folder),
    tryWorkerd(folder)
  ]
  return (yield* Effect.all(tries, { concurrency: 2 })).flat()
}).pipe(Effect.scoped)

const problems = await Effect.runPromise(program)
for (const { column, message, runtime } of problems) console.error(`${runtime}: ${column}: ${message}`)
if (problems.length === 0) console.log(markdown(table))
process.exitCode = problems.length === 0 ? 0 : 1
