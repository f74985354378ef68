import type { CommandUnknownOpts } from "@commander-js/extra-typings"
import type { Run } from "../services.js"
import { word } from "../syntax/reader.js"

const load = () => import("./users.js")

const customerId = ["<CUSTOMER_ID>", "the id of a customer, cus_…", word] as const

const userId = ["<USER_ID>", "the id of a user, usr_…", word] as const

export const addUsers = (program: CommandUnknownOpts, run: Run): void => {
  const group = program.command("users").description("The operations on the users of a customer.")
  group
    .command("add")
    .description("Gives a user access to a customer.")
    .argument(...customerId)
    .argument(...userId)
    .action((customer, user) => run(async () => (await load()).add(customer, user)))
  group
    .command("remove")
    .description("Takes a user's access to a customer away; the user's account stays.")
    .argument(...customerId)
    .argument(...userId)
    .action((customer, user) => run(async () => (await load()).remove(customer, user)))
}
