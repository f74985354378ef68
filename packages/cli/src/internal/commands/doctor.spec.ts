import type { CommandUnknownOpts } from "@commander-js/extra-typings"
import type { Run } from "../services.js"

const summary =
  "Checks what stands between this machine and the API: key, settings, proxy, host, TLS, clock, first page."

export const addDoctor = (program: CommandUnknownOpts, run: Run): void => {
  program
    .command("doctor")
    .summary(summary)
    .description(`${summary}

Nothing is changed, and of the key at most the last 4 characters are shown. It ends with 0 only if nothing failed.`)
    .action(() => run(async () => (await import("./doctor.js")).doctor))
}
