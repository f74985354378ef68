/** Many processes compete for one lock and are killed: at most one holds it at any time, and it is never free for long. */
import { type ChildProcess, fork } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { program } from "../../../test/support/programs.js"
import { scaled } from "../../../test/support/scale.js"
import { pathTo } from "./support.js"

const processes = 8

const deadline = "30 seconds"

/** The events at a lock, as its holders report them. */
const makeRace = (file: string, kind: string) => {
  const children = new Set<ChildProcess>()
  const doubles: Array<string> = []
  let holder: ChildProcess | undefined
  let entered = 0
  let onEnter = () => {}

  const hear = (child: ChildProcess, word: unknown) => {
    if (!children.has(child)) return
    // A run whose lease was not renewed for too long ends at its next check.
    if (word === "enter" && kind === "kernel" && holder !== undefined) doubles.push("entered while another held it")
    if (word === "still" && holder !== child) doubles.push("continued after another had entered")
    if (word === "enter") {
      holder = child
      entered += 1
      onEnter()
    }
    if (word === "leave" && holder === child) holder = undefined
    child.send("heard")
  }

  const start = () => {
    const child = fork(program("locker"), [file, kind])
    children.add(child)
    child.on("message", (word) => hear(child, word))
    // A message to a child that is being killed is lost.
    child.on("error", () => {})
  }

  const kill = (child: ChildProcess) => {
    children.delete(child)
    if (holder === child) holder = undefined
    child.kill("SIGKILL")
  }

  const untilEntered = Effect.async<void>((resume) => {
    onEnter = () => resume(Effect.void)
  }).pipe(Effect.timeoutFail({ duration: deadline, onTimeout: () => `nobody took the lock within ${deadline}` }))

  const killHolder = Effect.sync(() => {
    const child = holder ?? [...children][0]
    if (child === undefined) return
    kill(child)
    start()
  })

  return {
    start,
    untilEntered,
    killHolder,
    doubles,
    entered: () => entered,
    end: Effect.sync(() => {
      for (const child of children) kill(child)
    })
  }
}

const race = (kind: "kernel" | "lease", kills: number) =>
  Effect.gen(function* () {
    const file = yield* pathTo("lock")
    const { doubles, end, entered, killHolder, start, untilEntered } = makeRace(file, kind)
    yield* Effect.addFinalizer(() => end)
    for (let index = 0; index < processes; index++) start()
    for (let killed = 0; killed < kills; killed++) {
      yield* untilEntered
      yield* killHolder
    }
    yield* untilEntered
    yield* end
    expect(doubles).toEqual([])
    expect(entered()).toBeGreaterThan(kills)
    expect(fs.readdirSync(path.dirname(file)).filter((name) => !/^lock(\.\d+)?$/.test(name))).toEqual([])
  })

it.scopedLive(
  `a kernel lock has one holder at a time while holders are killed (${scaled(300)} of ${processes} processes)`,
  () => race("kernel", scaled(300)),
  { timeout: 1_800_000 }
)

it.scopedLive(
  `a lease has one holder at a time while holders are killed (${scaled(30)} of ${processes} processes)`,
  () => race("lease", scaled(30)),
  { timeout: 1_800_000 }
)
