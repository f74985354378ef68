/** Runs of a child that are killed at each call that changes something, and resumed. */
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { pathToFileURL } from "node:url"
import { expect } from "@effect/vitest"
import * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { program } from "../support/programs.js"
import { scaled } from "../support/scale.js"

const isWhole = scaled(10) >= 10

/** How many kills a short run tries of each job. */
const sampled = 2

/** How many jobs run side by side. */
const atATime = 4

/** How many runs a job may need to its end. */
const runs = 8

/** Where a process is killed: at the nth of its calls. */
interface Kill {
  readonly at: number
  readonly mode: "before" | "after" | "torn"
}

interface Ended {
  readonly killed: boolean
  readonly code: number | null
  readonly report?: unknown
  readonly calls?: ReadonlyArray<string>
}

const killer = pathToFileURL(program("killer")).href

const environment = (kill: Kill | undefined) => ({
  PATH: process.env["PATH"],
  ...(kill === undefined ? {} : { AVARA_KILL_AT: String(kill.at), AVARA_KILL_MODE: kill.mode })
})

/** Runs the child to its end, which a kill may be. */
const runAt = (args: ReadonlyArray<string>, kill?: Kill): Effect.Effect<Ended> =>
  Effect.async<Ended>((resume) => {
    const child = spawn(process.execPath, ["--import", killer, program("child"), ...args], {
      env: environment(kill),
      stdio: ["ignore", "pipe", "inherit"]
    })
    const said: Record<string, unknown> = {}
    createInterface(child.stdout).on("line", (line) => {
      const [, what, text] = /^(report|calls) (.*)$/.exec(line) ?? []
      if (what !== undefined && text !== undefined) said[what] = JSON.parse(text)
    })
    child.once("close", (code, signal) => resume(Effect.succeed({ ...said, code, killed: signal === "SIGKILL" })))
    return Effect.sync(() => child.kill("SIGKILL"))
  }).pipe(
    Effect.timeoutFail({
      duration: "30 seconds",
      onTimeout: () => new Error(`the child did not end: ${args.join(" ")} ${JSON.stringify(kill)}`)
    }),
    Effect.orDie
  )

/** Something to do against a server, and what must be so when it has ended. */
export interface Job {
  readonly args: ReadonlyArray<string>
  /** Changes the server's mind between two runs. */
  readonly change: (index: number) => void
  /** Makes the server willing again. */
  readonly calm: () => void
  readonly check: (report: unknown) => Effect.Effect<void>
}

export type Prepare = Effect.Effect<Job, never, Scope.Scope>

/** Runs until a run ends, killed on its way; after a failure the server is willing again. Returns how often it was killed. */
const resumed = ({ args, calm, change, check }: Job, kills: ReadonlyArray<Kill>, index: number) =>
  Effect.gen(function* () {
    let hits = 0
    for (let run = 0; run < runs; run++) {
      const { code, killed, report } = yield* runAt(args, kills[run])
      if (!killed && code === 0) return yield* Effect.as(check(report), hits)
      if (killed) hits += 1
      if (killed) change(index + run)
      else if (run > 1) calm()
    }
    return yield* Effect.dieMessage(`it does not end within ${runs} runs`)
  })

const writes = new Set(["write", "writev", "writeFile", "appendFile"])

/** What is after a call is as before the next one, but where the next one waits for an answer. */
const modesOf = (name: string): ReadonlyArray<Kill["mode"]> => {
  if (name === "send") return ["before", "after", "torn"]
  return writes.has(name) ? ["before", "torn"] : ["before"]
}

const killsOf = (calls: ReadonlyArray<string>): ReadonlyArray<Kill> =>
  calls.flatMap((name, index) => modesOf(name).map((mode): Kill => ({ at: index + 1, mode })))

const spread = <A>(all: ReadonlyArray<A>, count: number): ReadonlyArray<A> =>
  Array.from({ length: count }, (_, index) => all.slice(Math.floor(((index + 0.5) * all.length) / count))[0]).filter(
    (one) => one !== undefined
  )

/** Every third job is killed a second time, on the way that is left. */
const killsFrom = (first: Kill, index: number, calls: number): ReadonlyArray<Kill> =>
  index % 3 === 2 ? [first, { at: 1 + ((7 * index) % calls), mode: "before" }] : [first]

/** Kills and resumes a job; returns how often, or what went wrong. */
const attempt = (prepare: Prepare, kills: ReadonlyArray<Kill>, index: number, calls: ReadonlyArray<string>) =>
  Effect.flatMap(prepare, (job) => resumed(job, kills, index)).pipe(
    Effect.scoped,
    Effect.sandbox,
    Effect.mapError((cause) => {
      const moments = kills.map(({ at, mode }) => `${mode} call ${at} (${calls[at - 1]})`)
      return `${index}, killed ${moments.join(", then ")}: ${Cause.squash(cause)}`
    }),
    Effect.either
  )

/** Does a job once as it is, then once for each moment of a kill. */
export const survives = (prepare: Prepare) =>
  Effect.gen(function* () {
    const job = yield* prepare
    const { calls = [], code, report } = yield* runAt(job.args)
    expect(code).toBe(0)
    yield* job.check(report)
    const all = killsOf(calls)
    const chosen = isWhole ? all : spread(all, sampled)
    const attempts = yield* Effect.forEach(
      chosen,
      (kill, index) => attempt(prepare, killsFrom(kill, index, calls.length), index, calls),
      { concurrency: atATime }
    )
    expect(Arr.getLefts(attempts)).toEqual([])
    // A run that happens to need a call less than the first one ends before the last moments.
    const hits = Arr.getRights(attempts).filter((hits) => hits > 0)
    expect(hits.length).toBeGreaterThanOrEqual(0.9 * chosen.length)
  })
