import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HashMap from "effect/HashMap"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import { ExitCode } from "../ExitCode.js"
import { type Failure, type Report, report } from "./failure.js"
import { make as makeOutput, Output, type OutputService } from "./output.js"
import { CommandLine, CurrentSettings, Interruption, Retries, type Services, type Task } from "./services.js"
import type { Settings } from "./settings.js"
import { concat, oneLine, safe } from "./text.js"

interface Signals {
  /** The effect that the first signal runs instead of ending the command. */
  stop: Effect.Effect<void> | undefined
  /** The exit code of the received signal. */
  code: ExitCode | undefined
}

/** A package runner forwards a Ctrl-C that the terminal has already sent, so two within this time count as one. */
const repeatMillis = 250

const listen = (signals: Signals, interrupt: () => void): void => {
  let lastMillis = Number.NEGATIVE_INFINITY
  let isInterrupted = false
  const on = (code: ExitCode) => () => {
    const now = performance.now()
    const isRepeat = now - lastMillis < repeatMillis
    lastMillis = now
    if (isRepeat) return
    const { stop } = signals
    signals.code = code
    signals.stop = undefined
    if (stop !== undefined) return void Effect.runFork(stop)
    if (isInterrupted) process.exit(code)
    isInterrupted = true
    interrupt()
  }
  process.on("SIGINT", on(ExitCode.interrupted))
  process.on("SIGTERM", on(ExitCode.terminated))
  process.on("SIGHUP", on(ExitCode.terminated))
}

const interruptionOf = (signals: Signals) =>
  Layer.succeed(Interruption, {
    onFirstSignal: (stop) =>
      Effect.acquireRelease(
        Effect.sync(() => {
          signals.stop = stop
        }),
        () =>
          Effect.sync(() => {
            signals.stop = undefined
          })
      )
  })

/** Writes the client's log: each field that it reads as absent, the lines of AVARA_LOG and, with `--debug`, each retry with its delay. */
const clientLogger = (output: OutputService, isDebug: boolean | undefined, onRetry: () => void) =>
  Logger.make<unknown, void>(({ annotations, message }) => {
    const say = (line: string) => void Effect.runFork(output.err.write(safe`${oneLine(line)}\n`))
    const { delayMillis, path, ...facts } = Object.fromEntries(HashMap.toEntries(annotations))
    if (path !== undefined) say(`avara: ${String(facts["operation"])}: ${String(message)}: ${String(path)}`)
    const isRetry = delayMillis !== undefined
    if (isRetry) onRetry()
    if (facts["route"] === undefined && !(isRetry && isDebug)) return
    const details = Object.entries(facts).map(([name, value]) => `${name} ${String(value)}`)
    say(`${String(message)}: ${[...details, ...(isRetry ? [`${String(delayMillis)} ms`] : [])].join(", ")}`)
  })

const layerOf = (settings: Settings, argv: ReadonlyArray<string>, signals: Signals, output: OutputService) => {
  let retries = 0
  const logger = clientLogger(output, settings.debug, () => {
    retries += 1
  })
  return Layer.mergeAll(
    Layer.succeed(Output, output),
    Layer.succeed(CurrentSettings, settings),
    Layer.succeed(CommandLine, argv),
    Layer.succeed(Retries, { count: () => retries }),
    interruptionOf(signals),
    Logger.replace(Logger.defaultLogger, logger),
    Logger.minimumLogLevel(LogLevel.Debug)
  ) satisfies Layer.Layer<Services>
}

const bug = (cause: Cause.Cause<unknown>, isDebug: boolean | undefined): Report => {
  const [first = "", ...others] = Cause.pretty(cause).split("\n")
  const whereabouts = isDebug ? others.map((line) => safe`  ${line}`) : [safe`Use --debug to see where it happened.`]
  return { code: ExitCode.failure, lines: [safe`this is a bug, please report it: ${oneLine(first)}`, ...whereabouts] }
}

const reportOf = (cause: Cause.Cause<Failure>, signals: Signals, isDebug: boolean | undefined): Report => {
  if (Cause.isInterruptedOnly(cause)) return { code: signals.code ?? ExitCode.interrupted, lines: [] }
  const found = Either.match(Cause.failureOrCause(cause), {
    onLeft: report,
    onRight: (defect) => bug(defect, isDebug)
  })
  return found.code === ExitCode.interrupted ? { ...found, code: signals.code ?? found.code } : found
}

const write = ({ err }: OutputService, lines: Report["lines"]) =>
  err.write(concat(lines.map((line, index) => safe`${index === 0 ? safe`${err.style.red("avara:")} ` : ""}${line}\n`)))

/** The environment of a command. */
interface Surroundings {
  readonly settings: Settings
  readonly argv: ReadonlyArray<string>
  readonly output: OutputService
}

const noSignals = (): Signals => ({ stop: undefined, code: undefined })

/** Runs a command, reports its failure, and returns its exit code. */
export const execute = (
  task: Task,
  { argv, output, settings }: Surroundings,
  signals = noSignals(),
  onStart: (fiber: Fiber.RuntimeFiber<void, Failure>) => void = () => {}
): Effect.Effect<ExitCode> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkDaemon(Effect.provide(task, layerOf(settings, argv, signals, output)))
    onStart(fiber)
    const { code, lines } = Exit.match(yield* Fiber.await(fiber), {
      onSuccess: (): Report => ({ code: ExitCode.ok, lines: [] }),
      onFailure: (cause) => reportOf(cause, signals, settings.debug)
    })
    yield* write(output, lines)
    return code
  })

/** Runs a command and ends the process with its exit code. */
export const runTask = async (task: Task, settings: Settings, argv: ReadonlyArray<string>): Promise<void> => {
  const signals = noSignals()
  const running = execute(task, { settings, argv, output: makeOutput() }, signals, (fiber) =>
    listen(signals, () => void Effect.runFork(Fiber.interruptFork(fiber)))
  )
  process.exit(await Effect.runPromise(running))
}
