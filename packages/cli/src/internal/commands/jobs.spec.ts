import type { CommandUnknownOpts } from "@commander-js/extra-typings"
import type { Run } from "../services.js"
import { addLook } from "./jobs.look.spec.js"
import { addSubmit } from "./jobs.submit.spec.js"
import { addWork } from "./jobs.work.spec.js"

export const addJobs = (program: CommandUnknownOpts, run: Run): void => {
  const group = program
    .command("jobs")
    .summary("Durable jobs: bulk work that survives any process and machine.")
    .description(`Durable jobs: imports, bulk operations and mirrors that survive any process and machine.

A job and its rows live in a database. If a worker stops, any other worker on that database continues its work, and no row is done twice. SQLite takes one worker at a time, PostgreSQL as many as you start.

A password in a postgres:// URL can be read by every user of the machine while the command runs: leave it out and set PGPASSWORD, or put the URL into AVARA_JOBS_DATABASE.`)
  for (const add of [addWork, addSubmit, addLook]) add(group, run)
}
