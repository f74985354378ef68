/** Kills runs of a child at each call that changes something, and resumes them. */
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

/** How many jobs run concurrently. */
const atATime = 4

/** How many runs a job may need to its end. */
const runs = 8

/** The point of a kill: the nth call of the process. */
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

/** Runs the child to its end or its kill. */
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

/** A job against a server, and the check of its result. */
export interface Job {
  readonly args: ReadonlyArray<string>
  /** Changes the server's behavior between two runs. */
  readonly change: (index: number) => void
  /** Makes the server cooperate again. */
  readonly calm: () => void
  readonly check: (report: unknown) => Effect.Effect<void>
}

export type Prepare = Effect.Effect<Job, never, Scope.Scope>

/** Repeats killed runs until one ends; after a failure the server cooperates again. Returns how often a run was killed. */
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

/** The state after a call equals the state before the next one, unless the next one waits for a response. */
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

/** Every third job is killed a second time, during the remaining work. */
const killsFrom = (first: Kill, index: number, calls: number): ReadonlyArray<Kill> =>
  index % 3 === 2 ? [first, { at: 1 + ((7 * index) % calls), mode: "before" }] : [first]

/** Kills and resumes a job; returns how often, or the problem. */
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

/** Runs a job once without a kill, then once for each point of a kill. */
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
    // A run that needs fewer calls than the first one ends before the last points.
    const hits = Arr.getRights(attempts).filter((hits) => hits > 0)
    expect(hits.length).toBeGreaterThanOrEqual(0.9 * chosen.length)
  })
