/** Fails the import with a clear message if Node is too old, before a dependency fails. */
import { versions } from "node:process"
import { oldNode } from "@effect-avara/core/internal/node"

const message = oldNode("@effect-avara/node", versions.node)
if (message !== undefined) throw new Error(message)
