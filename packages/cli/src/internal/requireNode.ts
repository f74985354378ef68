/** Ends the process with a clear message if Node is too old, before a dependency fails. */
import { exit, stderr, versions } from "node:process"
import { ExitCode } from "../ExitCode.js"

const required = "20.18.1"

if (versions.node.localeCompare(required, "en", { numeric: true }) < 0) {
  stderr.write(`avara: the command needs Node ${required} or later, and this is Node ${versions.node}.\n`)
  exit(ExitCode.failure)
}
