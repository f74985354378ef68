import { type CommandUnknownOpts, Option } from "@commander-js/extra-typings"
import type { Kind, State } from "@effect-avara/jobs/Job"
import type { Run } from "../services.js"
import { examples } from "../syntax/help.js"
import { date, integer, text, token, word } from "../syntax/reader.js"
import { databaseOption } from "./jobs.options.js"

const load = () => import("./jobs.look.js")

const jobId = ["<JOB_ID>", "the job's id, job_…", word] as const

/** Lists all values of a type, and the compiler names missing ones. Loading the schema itself would slow the start of every command. */
const allOf =
  <A extends string>() =>
  <const B extends ReadonlyArray<A>>(
    values: B & ([A] extends [B[number]] ? unknown : { readonly missing: Exclude<A, B[number]> })
  ): B =>
    values

const states = allOf<State>()(["preparing", "queued", "running", "cancelling", "cancelled", "done", "failed"])

const kinds = allOf<Kind>()(["import", "bulk", "mirror"])

const addList = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("list")
    .description("Lists the jobs, newest first.")
    .addOption(new Option("--state <STATE>", "only jobs in this state").choices(states))
    .addOption(new Option("--kind <KIND>", "only jobs of this kind").choices(kinds))
    .addOption(databaseOption())
    .addHelpText("after", examples("avara jobs list", "avara jobs list --state failed --json | jq -r .id"))
    .action((options) => run(async () => (await load()).list(options)))

const addShow = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("show")
    .description("Shows one job: its state, its rows, and why it failed or is waiting.")
    .argument(...jobId)
    .addOption(databaseOption())
    .action((id, options) => run(async () => (await load()).show(id, options)))

const addWatch = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("watch")
    .summary("Shows the progress of a job until it ends.")
    .description(`Shows the progress of a job until it ends.

On a terminal, one line is updated in place. In JSON, each change of the job is one line, at most one per second. Ctrl-C ends the command, not the job. The exit code is the same as that of avara jobs import: 5 if rows were rejected, or the code of the error that ended the job.`)
    .argument(...jobId)
    .addOption(databaseOption())
    .action((id, options) => run(async () => (await load()).watch(id, options)))

const addCancel = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("cancel")
    .summary("Cancels a job: no more rows are sent.")
    .description(`Cancels a job: no more rows are sent.

The job is cancelled when a worker has finished the rows that were already sent. The finished rows stay done, and avara jobs retry continues with the rest.`)
    .argument(...jobId)
    .addOption(databaseOption())
    .action((id, options) => run(async () => (await load()).cancel(id, options)))

const addRetry = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("retry")
    .summary("Queues a failed or cancelled job again, or the rows that the server refused.")
    .description(`Queues a failed or cancelled job again, or the rows that the server refused.

A worker processes these rows; rows that are done are not repeated.`)
    .argument(...jobId)
    .addOption(databaseOption())
    .action((id, options) => run(async () => (await load()).retry(id, options)))

const addRejects = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("rejects")
    .summary("Prints the rejected rows of a job, and why they were rejected.")
    .description(`Prints the rejected rows of a job, and why they were rejected.

In JSON, each line has the line number in the file, the issues and the original row. On a terminal, the row itself is left out.`)
    .argument(...jobId)
    .addOption(databaseOption())
    .addHelpText("after", examples("avara jobs rejects job_0123456789abcdef0123456789abcdef > rejects.ndjson"))
    .action((id, options) => run(async () => (await load()).rejects(id, options)))

const addChanges = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("changes")
    .summary("Lists the changes that the last complete run of a mirror found.")
    .description(`Lists the changes that the last complete run of a mirror found.

These are the customers that were created, changed, deactivated or reactivated, or are gone, since the previous complete run. The first run reports every customer as created. The customers themselves are in the table.`)
    .argument("<TABLE>", "the table of the mirror", word)
    .option(
      "--since <DATE>",
      "the changes of all runs completed after DATE, oldest first; by default, only the changes of the last run",
      date
    )
    .addOption(databaseOption())
    .addHelpText("after", examples("avara jobs changes avara_customers --json | jq -r .id"))
    .action((table, options) => run(async () => (await import("./jobs.changes.js")).changes(table, options)))

const addSchedules = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("schedules")
    .description("Lists the schedules of mirrors, and when each one starts its next run.")
    .addOption(databaseOption())
    .action((options) => run(async () => (await import("./jobs.schedules.js")).schedules(options)))

const addUnschedule = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("unschedule")
    .description("Removes a schedule. Its jobs and its table stay.")
    .argument("<NAME>", "the schedule's name, which avara jobs schedules shows", word)
    .addOption(databaseOption())
    .action((name, options) => run(async () => (await import("./jobs.schedules.js")).unschedule(name, options)))

const addPage = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("page")
    .summary("Serves a page that shows the jobs in a browser, until Ctrl-C.")
    .description(`Serves a page that shows the jobs in a browser, until Ctrl-C: progress, rates and rejects, with buttons to cancel and retry.

The page is available on this machine only, unless you set --host. In that case a browser must present a token, which is in the link that the command prints. The page shows why rows were rejected, but not the rows themselves.`)
    .option("--port <PORT>", "the port to listen on, or 0 for a free one", integer(0, 65_535), 8788)
    .option("--host <ADDRESS>", "the address to listen on; with 0.0.0.0, other machines can connect", text, "127.0.0.1")
    .option(
      "--token <TOKEN>",
      "the token that a browser must present, at least 16 visible ASCII characters; by default, AVARA_JOBS_TOKEN, which other users of the machine cannot read, or a random token with --host",
      token
    )
    .addOption(databaseOption())
    .addHelpText(
      "after",
      examples("avara jobs page", "avara jobs page --database postgres://jobs@db.example/jobs --port 0")
    )
    .action((options) => run(async () => (await import("./jobs.page.js")).page(options)))

const adders = [
  addList,
  addShow,
  addWatch,
  addCancel,
  addRetry,
  addRejects,
  addChanges,
  addSchedules,
  addUnschedule,
  addPage
]

export const addLook = (jobs: CommandUnknownOpts, run: Run): void => {
  for (const add of adders) add(jobs, run)
}
