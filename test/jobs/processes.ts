/** Processes of the programs that the matrix starts, stops and kills. */
import { type ChildProcess, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { program } from "../support/programs.js"

export interface Running {
  readonly pid: number
  readonly signal: (signal: NodeJS.Signals) => Effect.Effect<void>
  /** Its exit, once it has ended. */
  readonly ended: Effect.Effect<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  readonly isRunning: () => boolean
  /** The end of its output. */
  readonly said: () => string
}

const patience = Duration.seconds(60)

const kept = 3000

/** The output of a process, and the moment at which it matches a pattern. */
const listen = (child: ChildProcess) => {
  let text = ""
  const heard: Array<() => void> = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (more) => {
      text = (text + more).slice(-kept)
      for (const check of heard) check()
    })
  }
  const until = (pattern: RegExp): Effect.Effect<void> =>
    Effect.async((resume) => {
      const check = () => (pattern.test(text) ? resume(Effect.void) : undefined)
      heard.push(check)
      check()
    })
  return { said: () => text.trim(), until }
}

type Name = Parameters<typeof program>[0]

const spawned = (name: Name, args: ReadonlyArray<string>, env: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [program(name), ...args], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  const { said, until } = listen(child)
  type Ended = Effect.Effect.Success<Running["ended"]>
  const closed = new Promise<Ended>((resolve) => child.once("close", (code, signal) => resolve({ code, signal })))
  const running: Running = {
    pid: child.pid ?? 0,
    signal: (signal) => Effect.sync(() => void child.kill(signal)),
    ended: Effect.promise(() => closed),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    said
  }
  return { running, until }
}

const failed = (what: string, { said }: Running) => new Error(`${what}. Its last lines:\n${said()}`)

/** Starts a program and waits until its output matches the pattern; it is killed when the scope closes. */
export const started = (
  name: Name,
  args: ReadonlyArray<string>,
  ready: RegExp,
  env: Readonly<Record<string, string>> = {}
) =>
  Effect.gen(function* () {
    const { running, until } = yield* Effect.acquireRelease(
      Effect.sync(() => spawned(name, args, env)),
      ({ running }) => Effect.zipRight(running.signal("SIGKILL"), running.ended)
    )
    const ended = Effect.flatMap(running.ended, () => Effect.fail(failed(`${name} ended before it was ready`, running)))
    const late = () => failed(`${name} was not ready within ${Duration.format(patience)}`, running)
    yield* Effect.raceFirst(until(ready), ended).pipe(
      Effect.timeoutFail({ duration: patience, onTimeout: late }),
      Effect.orDie
    )
    return running
  })

/** The processes of this machine whose arguments contain a text. */
export const processesWith = (text: string): ReadonlyArray<string> =>
  fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const args = fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")
        return args.includes(text) ? [`${pid} ${args}`] : []
      } catch {
        return []
      }
    })
