import type { CommandUnknownOpts } from "@commander-js/extra-typings"
import type { Run } from "../services.js"
import { examples } from "../syntax/help.js"
import { bulkColumns, fileCommand, importColumns, keyName, operations } from "./import.spec.js"
import { databaseOption, intoOption, toOption, verifyOption } from "./jobs.options.js"

const load = () => import("./jobs.submit.js")

const written =
  "The command reads and checks the whole FILE, writes its rows to the database, queues the job and prints its id. After that, the file is no longer needed. The command needs no API key."

const addImport = (group: CommandUnknownOpts, run: Run) =>
  fileCommand(group, "import", "Queues a job that creates a customer for each row of a file, exactly once.", [
    importColumns("a worker"),
    written,
    "A file that was submitted before is refused, even under another name."
  ])
    .option(...keyName)
    .addOption(databaseOption())
    .addHelpText("after", examples("avara jobs submit import clinics.csv --database postgres://jobs@db.example/jobs"))
    .action((file, options) => run(async () => (await load()).submit({ kind: "import", file, ...options }, options)))

const addBulk = (group: CommandUnknownOpts, run: Run): void => {
  const bulk = group.command("bulk").description("Queues one operation on every row of a file.")
  for (const [name, operation, summary, columns] of operations) {
    fileCommand(bulk, name, `Queues a job that ${summary.charAt(0).toLowerCase()}${summary.slice(1)}`, [
      bulkColumns(columns),
      written,
      "The same operation with the same file is refused until the job has ended."
    ])
      .addOption(databaseOption())
      .addHelpText("after", examples(`avara jobs submit bulk ${name} rows.csv`))
      .action((file, options) =>
        run(async () => (await load()).submit({ kind: "bulk", command: name, operation, file, ...options }, options))
      )
  }
}

const addMirror = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("mirror")
    .summary("Queues one run of a mirror, which copies the list of customers into a table.")
    .description(`Queues one run of a mirror, which copies the list of customers into a table.

The table is in the jobs database. The command prints the job's id and needs no API key. A second run into the same table is refused until the first one has ended.`)
    .addOption(intoOption())
    .addOption(verifyOption())
    .addOption(databaseOption())
    .addOption(toOption())
    .addHelpText("after", examples("avara jobs submit mirror --into clinics"))
    .action((options) => run(async () => (await load()).submit({ kind: "mirror", ...options }, options)))

export const addSubmit = (jobs: CommandUnknownOpts, run: Run): void => {
  const group = jobs.command("submit").description("Queues a job for workers and returns immediately.")
  for (const add of [addImport, addBulk, addMirror]) add(group, run)
}
