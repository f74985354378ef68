import { type CommandUnknownOpts, Option } from "@commander-js/extra-typings"
import type { Run } from "../services.js"
import { examples } from "../syntax/help.js"
import { integer, type Pair, pairs, text, word } from "../syntax/reader.js"

const load = () => import("./customers.js")

const customerId = ["<CUSTOMER_ID>", "the customer's id, cus_…", word] as const

const metadata = (description: string) =>
  new Option("--metadata <KEY=VALUE>", description).argParser(pairs).default<ReadonlyArray<Pair>>([], "none")

/** The filters of a list, which the command applies itself. */
export const activeOption = () => new Option("--active", "only active customers").conflicts("inactive")

export const inactiveOption = () => new Option("--inactive", "only deactivated customers")

const addList = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("list")
    .summary("Lists all customers, or at most N with --limit.")
    .description(`Lists all customers, or at most N with --limit.

Rows are printed as the pages arrive. In JSON, each line is a customer as the server sent it.
The list is complete only if the command exits with 0.`)
    .addOption(activeOption())
    .addOption(inactiveOption())
    .option("--limit <N>", "at most N customers", integer(1, Number.MAX_SAFE_INTEGER))
    .addHelpText(
      "after",
      examples("avara customers list --active", "avara customers list --json | jq -r .expressCustomerName")
    )
    .action((options) => run(async () => (await load()).list(options)))

const addGet = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("get")
    .description("Shows one customer. JSON has every field that the server sent.")
    .argument(...customerId)
    .action((id) => run(async () => (await load()).get(id)))

const addCreate = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("create")
    .usage("--name <NAME> [options]")
    .summary("Creates a customer and shows it.")
    .description(`Creates a customer and shows it.

If the response is lost, it is unknown whether the customer was created: the command exits with 8 and does not try again.

With --once, the customer's metadata contains your key. If the response is lost, the command looks for that key, and a second run with the same key finds the customer instead of creating another one.`)
    .requiredOption("--name <NAME>", "the customer's name; required", text)
    .addOption(metadata("a metadata pair for the customer, at most 50; repeatable"))
    .option("--once <KEY>", "a key that no other customer has, such as the customer's number in your own system", text)
    .addHelpText("after", examples('avara customers create --name "City Medical Center" --metadata region=northeast'))
    .action((options) => run(async () => (await load()).create(options)))

const addUpdate = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("update")
    .summary("Changes a customer's name or metadata and shows the customer.")
    .description(`Changes a customer's name or metadata and shows the customer.

The API's documentation does not say whether an update merges metadata or replaces it. --metadata therefore reads the customer, adds your pairs to its existing ones, and sends all of them; the result is the same either way. If someone else changes the metadata between the read and the write, that change is lost.

--replace-metadata and --clear-metadata remove the other pairs, but keep the entry createOnceKey, which create --once needs to find the customer again. To change that entry, set it with --metadata. If the server merges, the old pairs stay; the command then reports that and exits with 1.`)
    .argument(...customerId)
    .option("--name <NAME>", "the customer's name", text)
    .addOption(metadata("a metadata pair to add or change, at most 50 in total; repeatable"))
    .option("--replace-metadata", "remove all metadata except the --metadata pairs and createOnceKey")
    .addOption(
      new Option("--clear-metadata", "remove all metadata except createOnceKey").conflicts([
        "metadata",
        "replaceMetadata"
      ])
    )
    .addHelpText(
      "after",
      examples(
        'avara customers update cus_1234567890abcdef1234567890abcdef --name "City Medical Center"',
        "avara customers update cus_1234567890abcdef1234567890abcdef --metadata region=northeast",
        "avara customers update cus_1234567890abcdef1234567890abcdef --clear-metadata"
      )
    )
    .action((id, options, command) => {
      const { clearMetadata, metadata, name, replaceMetadata } = options
      if (replaceMetadata && metadata.length === 0) {
        command.error("error: --replace-metadata needs --metadata; to remove all pairs, use --clear-metadata")
      }
      if (name === undefined && metadata.length === 0 && !clearMetadata) {
        command.error("error: there is nothing to change; use --name, --metadata or --clear-metadata")
      }
      return run(async () => (await load()).update(id, options))
    })

const addDeactivate = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("deactivate")
    .description("Deactivates a customer: it gets no new studies and no new users. Its data stays.")
    .argument(...customerId)
    .action((id) => run(async () => (await load()).deactivate(id)))

const addReactivate = (group: CommandUnknownOpts, run: Run) =>
  group
    .command("reactivate")
    .description("Reactivates a customer that was deactivated.")
    .argument(...customerId)
    .action((id) => run(async () => (await load()).reactivate(id)))

export const addCustomers = (program: CommandUnknownOpts, run: Run): void => {
  const group = program.command("customers").description("Operations on customers.")
  for (const add of [addList, addGet, addCreate, addUpdate, addDeactivate, addReactivate]) add(group, run)
}
