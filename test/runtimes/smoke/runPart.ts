import type { Servers } from "./operations.js"

/** A smoke program of one package. */
export interface Part {
  readonly run: (servers: Servers) => Promise<void>
}

/** Runs a smoke program, and returns its problem, if any. */
export const runPart = async (load: () => Promise<Part>, servers: Servers): Promise<string> => {
  try {
    const { run } = await load()
    await run(servers)
    return ""
  } catch (error) {
    return String(error)
  }
}
