import { type CommandUnknownOpts, Option } from "@commander-js/extra-typings"
import type { Run } from "../services.js"
import { examples } from "../syntax/help.js"
import { integer, keep, text } from "../syntax/reader.js"
import { bulkColumns, fileCommand, importColumns, keyName, operations } from "./import.spec.js"
import { databaseOption, intoOption, rateOption, toOption, verifyOption } from "./jobs.options.js"

const load = () => import("./jobs.work.js")

const worked =
  "The command reads and checks the whole FILE, writes its rows to the jobs database, and then works on them and on everything else that is queued there. On Ctrl-C, the command finishes the rows that were already sent, then stops. To continue, run the same command again, or avara jobs worker on any machine."

const rejected =
  "The database keeps invalid rows and rows that the server refuses, and avara jobs rejects prints them. If there are any, the command exits with 5."

const addImport = (group: CommandUnknownOpts, run: Run) =>
  fileCommand(group, "import", "Creates a customer for each row of a file, exactly once, as a durable job.", [
    importColumns("a worker"),
    worked,
    "A file that was imported before with the same database is refused, even under another name.",
    rejected
  ])
    .option(...keyName)
    .addOption(rateOption())
    .addOption(databaseOption())
    .addHelpText(
      "after",
      examples(
        "avara jobs import clinics.csv",
        "avara jobs import clinics.csv --database postgres://jobs@db.example/jobs"
      )
    )
    .action((file, options) => run(async () => (await load()).work({ kind: "import", file, ...options }, options)))

const addBulk = (group: CommandUnknownOpts, run: Run): void => {
  const bulk = group.command("bulk").description("Runs one operation on every row of a file, as a durable job.")
  for (const [name, operation, summary, columns] of operations) {
    fileCommand(bulk, name, `${summary.replace(/\.$/, "")}, as a durable job.`, [
      bulkColumns(columns),
      worked,
      rejected
    ])
      .addOption(rateOption())
      .addOption(databaseOption())
      .addHelpText(
        "after",
        examples(`avara jobs bulk ${name} rows.csv`, `avara jobs bulk ${name} rows.csv --rate 20/s`)
      )
      .action((file, options) =>
        run(async () => (await load()).work({ kind: "bulk", command: name, operation, file, ...options }, options))
      )
  }
}

const addMirror = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("mirror")
    .summary("Copies the list of customers into a table, as a durable job, once or on a schedule.")
    .description(`Copies the list of customers into a table, as a durable job, once or on a schedule.

The table is in the jobs database. When a run is complete, the command prints what changed since the previous complete run; avara jobs changes lists the changes. Ctrl-C stops at the end of a page, and the same command continues from there.

With --every, the command keeps running and starts a run at each time of the schedule. The schedule stays in the database after the command has ended: the workers on that database start each run once, until avara jobs unschedule removes the schedule.`)
    .addOption(intoOption())
    .addOption(verifyOption())
    .option(
      "--every <CRON>",
      'when a run starts: minute, hour, day, month, weekday, such as "0 2 * * *" for every night at 2:00',
      text
    )
    .option("--zone <ZONE>", "the time zone of --every, such as Europe/Berlin; UTC by default", text)
    .addOption(rateOption())
    .addOption(databaseOption())
    .addOption(toOption())
    .addHelpText(
      "after",
      examples(
        "avara jobs mirror --into clinics",
        'avara jobs mirror --to postgres://jobs@db.example/jobs --every "0 2 * * *" --zone Europe/Berlin'
      )
    )
    .action((options, command) => {
      if (options.zone !== undefined && options.every === undefined) command.error("error: --zone needs --every")
      return run(async () => (await import("./jobs.mirror.js")).mirror(options))
    })

const addWorker = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("worker")
    .summary("Works on the jobs of a database until Ctrl-C.")
    .description(`Works on the jobs of a database until Ctrl-C.

On PostgreSQL, start as many workers as you like, on any machine: they share the work and the rate. SQLite allows one worker at a time. On SIGTERM or Ctrl-C, a worker finishes the rows that were already sent, then stops. If a worker is killed, another one takes over its work within seconds.`)
    .option("--once", "end when no job is left")
    .addOption(rateOption())
    .option(
      "--lanes <N>",
      "how many parts of a job to work on at a time, across all workers; 12 by default",
      integer(1, 64)
    )
    .option("--slots <N>", "how many rows this worker sends at a time; 8 by default", integer(1, 1000))
    .addOption(
      new Option(
        "--keep <DURATION>",
        "how long to keep a job and its rows after it has ended, such as 7d, or forever; 30d by default"
      ).argParser(keep)
    )
    .addOption(databaseOption())
    .addHelpText(
      "after",
      examples(
        "avara jobs worker --once",
        "avara jobs worker --database postgres://jobs@db.example/jobs --rate 50/s --keep 30d"
      )
    )
    .action((options) => run(async () => (await import("./jobs.worker.js")).worker(options)))

export const addWork = (jobs: CommandUnknownOpts, run: Run): void => {
  for (const add of [addImport, addBulk, addMirror, addWorker]) add(jobs, run)
}
