/** Fails the import before a dependency fails with a less helpful message. */
import { versions } from "node:process"

const required = "20.18.1"

if (versions.node.localeCompare(required, "en", { numeric: true }) < 0) {
  throw new Error(`@effect-avara/node needs Node ${required} or later, and this is Node ${versions.node}.`)
}
