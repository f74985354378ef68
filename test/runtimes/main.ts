/** Tests the packed packages on every runtime of the table in docs/runtimes.md, and fails if a result differs from the table. */
import * as Effect from "effect/Effect"
import { temporaryFolder } from "../scripts/workspace.js"
import { markdown } from "../support/markdownTable.js"
import { buildPrograms, installPackages, installRuntimes } from "./install.js"
import { tryProcesses } from "./processes.js"
import { processRuntimes } from "./runtimes.js"
import { table } from "./table.js"
import { tryChromium, tryWorkerd } from "./web.js"

const folder = temporaryFolder("runtimes")

const program = Effect.gen(function* () {
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
})

const problems = await Effect.runPromise(program)
for (const { column, message, runtime } of problems) console.error(`${runtime}: ${column}: ${message}`)
if (problems.length === 0) console.log(markdown(table))
process.exitCode = problems.length === 0 ? 0 : 1
