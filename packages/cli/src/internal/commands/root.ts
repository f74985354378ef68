import { Command, type CommandUnknownOpts, type OutputConfiguration } from "@commander-js/extra-typings"
import type { Execute, Run } from "../services.js"
import { withSettings } from "../settings.js"
import { helpConfiguration } from "../syntax/help.js"
import { version } from "../version.js"
import { addCompletions } from "./completions.spec.js"
import { addCustomers } from "./customers.spec.js"
import { addDoctor } from "./doctor.spec.js"
import { addEmulator } from "./emulator.spec.js"
import { addExport } from "./export.spec.js"
import { addBulk, addImport } from "./import.spec.js"
import { addJobs } from "./jobs.spec.js"
import { addUsers } from "./users.spec.js"
import { addVerify } from "./verify.spec.js"

const nameOf = (command: CommandUnknownOpts): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`

/** Refuses an option with a value that is given twice, unless its values are collected. */
const refuseRepeats = (command: CommandUnknownOpts): void => {
  for (const option of command.options) {
    if (!option.required || Array.isArray(option.defaultValue)) continue
    let isGiven = false
    command.on(`option:${option.name()}`, () => {
      if (isGiven) command.error(`error: option '${option.flags}' is given twice`)
      isGiven = true
    })
  }
}

const finish = (command: CommandUnknownOpts): void => {
  command.helpCommand(false).showHelpAfterError(`Try ${nameOf(command)} --help`)
  refuseRepeats(command)
  command.commands.forEach(finish)
}

const adders = [
  addCustomers,
  addUsers,
  addExport,
  addVerify,
  addImport,
  addBulk,
  addJobs,
  addEmulator,
  addDoctor,
  addCompletions
]

/** Creates the command line; the command that runs passes its work to `execute`. */
export const makeProgram = (execute: Execute, output: OutputConfiguration): CommandUnknownOpts => {
  const program = withSettings(new Command("avara"))
    .description(
      "Uses the Avara Express API from a terminal: customers and their users, exports that you can verify, imports and durable jobs."
    )
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "show this help")
    .configureHelp(helpConfiguration)
    .configureOutput(output)
    .exitOverride()
  const run: Run = (load) => execute(load, program.opts())
  for (const add of adders) add(program, run)
  finish(program)
  return program
}
