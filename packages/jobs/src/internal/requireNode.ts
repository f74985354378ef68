/** Fails the import with a clear message if Node is too old, before a dependency fails. */
import { versions } from "node:process"

const required = "20.18.1"

if (versions.node.localeCompare(required, "en", { numeric: true }) < 0) {
  throw new Error(`@effect-avara/jobs needs Node ${required} or later, and this is Node ${versions.node}.`)
}
