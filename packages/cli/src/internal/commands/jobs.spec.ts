import type { CommandUnknownOpts } from "@commander-js/extra-typings"
import type { Run } from "../services.js"
import { addLook } from "./jobs.look.spec.js"
import { addSubmit } from "./jobs.submit.spec.js"
import { addWork } from "./jobs.work.spec.js"

export const addJobs = (program: CommandUnknownOpts, run: Run): void => {
  const group = program
    .command("jobs")
    .summary("Runs bulk work as durable jobs, which survive the loss of any process or machine.")
    .description(`Runs imports, bulk operations and mirrors as durable jobs, which survive the loss of any process or machine.

A job and its rows are in a database. If a worker stops, any other worker on that database continues its work, and no row is done twice. SQLite allows one worker at a time, PostgreSQL as many as you start.

Every user of the machine can read a password in a postgres:// URL while the command runs: leave it out and set PGPASSWORD, or put the URL into AVARA_JOBS_DATABASE.`)
  for (const add of [addWork, addSubmit, addLook]) add(group, run)
}
