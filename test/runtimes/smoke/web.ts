/** The client over `fetch`, and the first use of the packages that do not run here, on runtimes without processes. */
import type { Servers } from "./operations.js"
import { type Part, runPart } from "./runPart.js"

const using = (load: () => Promise<unknown>) => async (): Promise<Part> => {
  await load()
  return { run: () => Promise.resolve() }
}

const parts = {
  core: () => import("./core.js"),
  node: using(() => import("@effect-avara/node")),
  emulator: using(() => import("@effect-avara/emulator")),
  export: using(() => import("@effect-avara/export")),
  jobs: using(() => import("@effect-avara/jobs"))
}

/** A part, and the servers that it uses. */
export interface Use {
  readonly name: keyof typeof parts
  readonly servers: Servers
}

/** Runs a part, and returns what is wrong with it. */
export const use = ({ name, servers }: Use): Promise<string> => runPart(parts[name], servers)
