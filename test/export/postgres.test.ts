import * as fs from "node:fs"
import * as path from "node:path"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { postgresFrom } from "./postgres.js"
import { directory } from "./support.js"

/** Replacements for PostgreSQL's programs that follow a script. */
const scripts = (initdb: string, postgres: string) =>
  Effect.map(directory, (native) => {
    const programs = { initdb, postgres }
    fs.mkdirSync(path.join(native, "bin"))
    for (const [name, script] of Object.entries(programs)) {
      fs.writeFileSync(path.join(native, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    }
    return native
  })

const fails = (name: string, initdb: string, postgres: string, message: RegExp) =>
  it.scopedLive(name, () =>
    Effect.gen(function* () {
      const native = yield* scripts(initdb, postgres)
      const error = yield* Effect.flip(Effect.sandbox(Effect.scoped(postgresFrom(native, "1 seconds"))))
      expect(String(error)).toMatch(message)
    })
  )

fails("an initdb that fails says why", "echo no room >&2; exit 1", "", /initdb ended with 1\. Its last lines:\nno room/)

fails(
  "an initdb that hangs is given up",
  "echo waiting; exec sleep 60",
  "",
  /initdb did not end within 1 seconds\. Its last lines:\nwaiting/
)

fails(
  "a server that ends is not waited for",
  "exit 0",
  "echo no memory >&2; exit 2",
  /PostgreSQL ended with 2 before it was ready\. Its last lines:\nno memory/
)

fails(
  "a server that is never ready is given up",
  "exit 0",
  "echo starting >&2; exec sleep 60",
  /PostgreSQL was not ready within 1 seconds\. Its last lines:\nstarting/
)
