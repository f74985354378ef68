import type { CommandUnknownOpts } from "@commander-js/extra-typings"
import type { Run } from "../services.js"
import { word } from "../syntax/reader.js"

const load = () => import("./users.js")

const customerId = ["<CUSTOMER_ID>", "the customer's id, cus_…", word] as const

const userId = ["<USER_ID>", "the user's id, usr_…", word] as const

export const addUsers = (program: CommandUnknownOpts, run: Run): void => {
  const group = program.command("users").description("Operations on the users of a customer.")
  group
    .command("add")
    .description("Gives a user access to a customer.")
    .argument(...customerId)
    .argument(...userId)
    .action((customer, user) => run(async () => (await load()).add(customer, user)))
  group
    .command("remove")
    .description("Removes a user's access to a customer. The user's account stays.")
    .argument(...customerId)
    .argument(...userId)
    .action((customer, user) => run(async () => (await load()).remove(customer, user)))
}
