import * as Effect from "effect/Effect"
import { Output } from "../output.js"
import type { Run, Task } from "../services.js"
import { globals } from "../settings.js"
import type { Group } from "../syntax/command.js"
import * as Completions from "../syntax/completions.js"

export const completions = (root: Group<Run>, shell: Completions.Shell): Task =>
  Effect.flatMap(Output, ({ out }) => out.write(`${Completions.completions(root, globals, shell)}\n`))
