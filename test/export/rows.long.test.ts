/** Imports and bulk operations that are killed at any moment process each row once. */
import * as fs from "node:fs"
import * as path from "node:path"
import { expect, layer } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import { program } from "../support/programs.js"
import { scaled } from "../support/scale.js"
import { directory, randomFrom, runChild } from "./support.js"

const kills = scaled(30)
const rows = 100
const seed = 20_261_121

/** Runs a task to its end with at most `most` kills at random moments; returns how often it was killed. */
const runKilled = (task: string, file: string, nextMoment: () => number, most: number) =>
  Effect.gen(function* () {
    const { url } = yield* Emulator.Emulator
    let hits = 0
    for (;;) {
      const killAfter = hits < most ? nextMoment() : undefined
      const { code, killed } = yield* runChild(program("child"), [url, task, file], killAfter)
      if (!killed) {
        expect(code).toBe(0)
        return hits
      }
      hits += 1
    }
  })

const write = (name: string, lines: ReadonlyArray<string>) =>
  Effect.map(directory, (folder) => {
    const file = path.join(folder, name)
    fs.writeFileSync(file, lines.map((line) => `${line}\n`).join(""))
    return file
  })

/** The file for a task, and the check of its result. */
interface Round {
  readonly file: string
  readonly check: Effect.Effect<void>
}

/** Repeats rounds until enough kills hit. */
const survives = <R>(task: string, round: Effect.Effect<Round, never, R>) =>
  Effect.gen(function* () {
    const { url } = yield* Emulator.Emulator
    const random = randomFrom(seed + task.length)
    const first = yield* round
    const whole = yield* runChild(program("child"), [url, task, first.file], undefined)
    expect(whole.code).toBe(0)
    yield* first.check
    let hits = 0
    while (hits < kills) {
      const { check, file } = yield* round
      hits += yield* runKilled(task, file, () => random() * whole.millis, kills - hits)
      yield* check
      expect(fs.existsSync(`${file}.rejects.ndjson`)).toBe(false)
    }
  })

const importRound = Effect.gen(function* () {
  const emulator = yield* Emulator.Emulator
  yield* emulator.reset
  const names = Array.from({ length: rows }, (_, index) => `Imported ${String(index).padStart(4, "0")}`)
  const check = Effect.map(emulator.customers, (customers) => {
    const found = customers.map(({ expressCustomerName }) => expressCustomerName)
    expect(found.filter((name) => name.startsWith("Imported")).sort()).toEqual(names)
  })
  return { file: yield* write("new.csv", ["expressCustomerName", ...names]), check }
})

const addUsersRound = Effect.gen(function* () {
  const emulator = yield* Emulator.Emulator
  yield* emulator.reset
  const before = yield* emulator.customers
  const chosen = before.filter(({ isActive }) => isActive).slice(0, rows)
  const lines = chosen.map(({ expressCustomerId }) => `${expressCustomerId},usr_${"e".repeat(32)}`)
  const expected = new Map(before.map(({ expressCustomerId, userCount }) => [expressCustomerId, userCount]))
  for (const { expressCustomerId, userCount } of chosen) expected.set(expressCustomerId, userCount + 1)
  const check = Effect.map(emulator.customers, (customers) => {
    expect(new Map(customers.map(({ expressCustomerId, userCount }) => [expressCustomerId, userCount]))).toEqual(
      expected
    )
  })
  return { file: yield* write("users.csv", ["expressCustomerId,userId", ...lines]), check }
})

layer(Emulator.layer({ customers: 200 }), { excludeTestServices: true, timeout: 60_000 })(
  `killed ${kills} times at random moments`,
  (it) => {
    const options = { timeout: 1_800_000 }
    it.scoped("an import creates each row once", () => survives("import", importRound), options)
    it.scoped(
      "a bulk operation does each row, and rejects none that it had done",
      () => survives("addUsers", addUsersRound),
      options
    )
  }
)
