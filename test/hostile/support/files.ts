import * as assert from "node:assert/strict"
import * as fs from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { runAgainstEmulator, type Shown } from "../../../packages/cli/test/inProcess.js"
import { type Ended, jsonLinesOf, temporaryDirectory } from "../../../packages/cli/test/support.js"

/** A directory with one file, an empty emulator, and the command, which runs in this process. */
export interface Desk {
  readonly cwd: string
  readonly file: string
  readonly avara: (...args: ReadonlyArray<string>) => Effect.Effect<Shown, never, Emulator.Emulator>
  readonly names: Effect.Effect<ReadonlyArray<string>, never, Emulator.Emulator>
}

export const desk = (name: string, content: string | Uint8Array): Effect.Effect<Desk, never, Scope.Scope> =>
  Effect.map(temporaryDirectory, (cwd) => {
    const file = join(cwd, name)
    fs.writeFileSync(file, content)
    return {
      cwd,
      file,
      avara: (...args) => runAgainstEmulator(args),
      names: Effect.flatMap(Emulator.Emulator, ({ customers }) =>
        Effect.map(customers, (all) => all.map(({ expressCustomerName }) => expressCustomerName))
      )
    }
  })

/** The summary that a command wrote. */
export const summaryOf = ({ stderr, stdout }: Ended): Readonly<Record<string, unknown>> => {
  const summary = jsonLinesOf(stdout)[0]
  assert.ok(summary !== undefined, `the command wrote no summary: ${stderr}`)
  return summary
}

/** The lines and reasons of the rejected rows, in the order of the file. */
export const rejectsOf = (file: string): ReadonlyArray<readonly [line: unknown, reasons: string]> =>
  jsonLinesOf(fs.readFileSync(`${file}.rejects.ndjson`, "utf8"))
    .map(({ issues, line }) => [line, JSON.stringify(issues)] as const)
    .sort(([left], [right]) => Number(left) - Number(right))

/** Checks that a file is refused with this message before anything is sent. */
export const refusesFile = (
  name: string,
  content: string | Uint8Array,
  message: RegExp,
  args: ReadonlyArray<string> = ["import", "customers"]
): Effect.Effect<void, unknown, Scope.Scope> =>
  Effect.gen(function* () {
    const { avara, cwd, file, names } = yield* desk(name, content)
    const { code, stderr, stdout } = yield* avara(...args, file)
    assert.match(stderr, message)
    assert.deepEqual([code, stdout], [5, ""])
    assert.deepEqual(yield* names, [])
    assert.deepEqual(fs.readdirSync(cwd), [name])
  }).pipe(Effect.provide(Emulator.layer()))
