/** Ends the process with a clear message if Node is too old, before a dependency fails. */
import { exit, stderr, versions } from "node:process"
import { oldNode } from "@effect-avara/core/internal/node"
import { ExitCode } from "../ExitCode.js"

const message = oldNode("avara: the command", versions.node)
if (message !== undefined) {
  stderr.write(`${message}\n`)
  exit(ExitCode.failure)
}
