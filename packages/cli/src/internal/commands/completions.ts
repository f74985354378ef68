import type { CommandUnknownOpts } from "@commander-js/extra-typings"
import * as Effect from "effect/Effect"
import { Output } from "../output.js"
import type { Task } from "../services.js"
import * as Completions from "../syntax/completions.js"
import { own } from "../text.js"

export const completions = (program: CommandUnknownOpts, shell: Completions.Shell): Task =>
  Effect.flatMap(Output, ({ out }) => out.write(own(`${Completions.completions(program, shell)}\n`)))
