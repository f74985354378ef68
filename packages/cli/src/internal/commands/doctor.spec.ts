import type { CommandUnknownOpts } from "@commander-js/extra-typings"
import type { Run } from "../services.js"

const summary = "Checks whether this machine can use the API: key, settings, proxy, host, TLS, clock, first page."

export const addDoctor = (program: CommandUnknownOpts, run: Run): void => {
  program
    .command("doctor")
    .summary(summary)
    .description(`${summary}

It changes nothing and shows at most the last 4 characters of the key. It exits with 0 only if no check failed.`)
    .action(() => run(async () => (await import("./doctor.js")).doctor))
}
