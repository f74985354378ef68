/** Exports that are killed at random moments, and resumed. */
import { expect, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as TestServices from "effect/TestServices"
import { program } from "../support/programs.js"
import { scaled } from "../support/scale.js"
import { list, randomFrom, runChild } from "./support.js"

const kills = scaled(50)
export const customers = Math.max(2000, scaled(20_000))
/** At least a hundred pages, so that a kill falls between any two steps. */
const limit = Math.min(100, customers / 100)
const seed = 20_261_121

/** The result of an export, as text that is equal for equal results. */
export type Inspect = (destination: string) => Effect.Effect<string>

export interface Case {
  readonly format: string
  /** A new destination. */
  readonly destination: (index: number) => Effect.Effect<string>
  readonly inspect: Inspect
  /** Checks an unfinished export after a kill. */
  readonly afterKill: (destination: string, expected: string) => Effect.Effect<void>
}

/** Kills and resumes exports at random moments until enough kills hit; every export has the result of an undisturbed one. */
const survives = (server: string, { afterKill, destination, format, inspect }: Case) =>
  Effect.gen(function* () {
    const script = program("child")
    const run = (to: string, killAfter?: number) => runChild(script, [server, format, to, String(limit)], killAfter)
    const random = randomFrom(seed + format.length)

    const reference = yield* destination(0)
    const whole = yield* run(reference)
    expect(whole.code).toBe(0)
    const expected = yield* inspect(reference)

    let hits = 0
    for (let index = 1; hits < kills; index++) {
      const to = yield* destination(index)
      let { killed } = yield* run(to, random() * whole.millis)
      while (killed) {
        hits += 1
        yield* afterKill(to, expected)
        const resumed = yield* run(to, hits < kills ? random() * whole.millis : undefined)
        killed = resumed.killed
        if (!killed) expect(resumed.code).toBe(0)
      }
      expect(yield* inspect(to)).toBe(expected)
    }
    return hits
  })

class Server extends Context.Tag("Server")<Server, string>() {}

const title = `an export that is killed ${kills} times at random moments ends as one that is not (${customers} customers)`

/** Defines a test for each case. */
export const testCases = <E>(cases: Readonly<Record<string, Effect.Effect<Case, E, Scope.Scope>>>): void =>
  layer(Layer.scoped(Server, list(customers, limit)), { timeout: 60_000 })(title, (it) => {
    for (const [name, made] of Object.entries(cases)) {
      it.scoped(
        name,
        () =>
          Effect.gen(function* () {
            expect(yield* survives(yield* Server, yield* made)).toBeGreaterThanOrEqual(kills)
          }).pipe(TestServices.provideLive),
        { timeout: 1_800_000 }
      )
    }
  })
