import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { columnsOf, type Style, styleOf } from "./style.js"
import { render, type SafeText, safe } from "./text.js"

/** The program that reads the output exited before the end. */
export class ReaderLeft extends Data.TaggedError("ReaderLeft") {
  override get message(): string {
    return "the program that reads the output exited"
  }
}

/** Writing to standard output failed, for example because of a full disk. */
export class OutputFailed extends Data.TaggedError("OutputFailed")<{ readonly reason: string }> {
  override get message(): string {
    return `cannot write to standard output: ${this.reason}`
  }
}

export type OutputError = ReaderLeft | OutputFailed

export interface Sink {
  readonly isTerminal: boolean
  readonly style: Style
}

/** Data goes to `out`, everything else to `err`. */
export interface OutputService {
  readonly out: Sink & { readonly write: (text: SafeText) => Effect.Effect<void, OutputError> }
  readonly err: Sink & { readonly write: (text: SafeText) => Effect.Effect<void> }
  /** Returns the current width of the terminal, or 80 without one. */
  readonly columns: () => number
}

export class Output extends Context.Tag("@effect-avara/cli/Output")<Output, OutputService>() {}

const toOutputError = (error: NodeJS.ErrnoException): OutputError =>
  error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED"
    ? new ReaderLeft()
    : new OutputFailed({ reason: error.code ?? "unknown" })

const writeTo = (stream: NodeJS.WriteStream) => (text: SafeText) => {
  const rendered = render(text)
  return rendered === ""
    ? Effect.void
    : Effect.async<void, OutputError>((resume) => {
        stream.write(rendered, (error) => resume(error ? Effect.fail(toOutputError(error)) : Effect.void))
      })
}

const sinkOf = (stream: NodeJS.WriteStream): Sink => ({ isTerminal: stream.isTTY === true, style: styleOf(stream) })

/** Creates the output of this process. */
export const make = (): OutputService => {
  const { stderr, stdout } = process
  // Every write reports its own failure. Without a listener, the stream would end the process.
  for (const stream of [stdout, stderr]) stream.on("error", () => {})
  return {
    out: { ...sinkOf(stdout), write: writeTo(stdout) },
    err: { ...sinkOf(stderr), write: (text) => Effect.ignore(writeTo(stderr)(text)) },
    columns: () => columnsOf(stdout, stderr)
  }
}

/** Writes a line to standard error, apart from the data. */
export const say = (line: SafeText): Effect.Effect<void, never, Output> =>
  Effect.flatMap(Output, ({ err }) => err.write(safe`${line}\n`))
