import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { program } from "./programs.js"

/** The lock of a writing process, and of a reading one. */
export const writing = ["BEGIN IMMEDIATE"]

export const reading = ["BEGIN", "SELECT count(*) FROM sqlite_master"]

export interface Holder {
  /** Whether its own statements and its commit succeeded, once it has ended. */
  readonly released: Effect.Effect<boolean>
}

/** Starts another process that locks an SQLite file for some milliseconds; completes when it holds the lock or was refused. */
export const hold = (
  file: string,
  statements: ReadonlyArray<string>,
  millis: number
): Effect.Effect<Holder, never, Scope.Scope> =>
  Effect.gen(function* () {
    const args = [program("lockHolder"), file, String(millis), ...statements]
    const child = yield* Effect.acquireRelease(
      Effect.sync(() => spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] })),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    )
    const ended = new Promise<boolean>((resolve) => child.once("close", (code) => resolve(code === 0)))
    const held = new Promise<void>((resolve) => createInterface(child.stdout).once("line", () => resolve()))
    yield* Effect.promise(() => Promise.race([held, ended]))
    return { released: Effect.promise(() => ended) }
  })
