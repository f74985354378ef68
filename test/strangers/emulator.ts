import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"

/** The emulator of an installed package. */
export interface Emulator {
  readonly env: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

/** Starts the `avara-emulator` of the folder on a free port. */
export const startEmulator = async (folder: string): Promise<Emulator> => {
  const child = spawn(join(folder, "node_modules/.bin/avara-emulator"), ["--port", "0", "--customers", "250"], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  for await (const line of createInterface(child.stdout)) {
    const url = /AVARA_BASE_URL=(\S+)/.exec(line)?.[1]
    if (url === undefined) continue
    child.stdout.resume()
    return {
      env: { AVARA_BASE_URL: url, AVARA_API_KEY: "any-key" },
      close: async () => {
        child.kill()
        if (child.exitCode === null) await once(child, "exit")
      }
    }
  }
  throw new Error(`avara-emulator wrote no URL, and ended with ${child.exitCode}`)
}
