import type { Run } from "../services.js"
import { type Group, leaf } from "../syntax/command.js"
import { argument } from "../syntax/param.js"
import { text } from "../syntax/reader.js"

const load = () => import("./users.js")

const params = {
  customerId: argument("CUSTOMER_ID", "the id of a customer, cus_…", text),
  userId: argument("USER_ID", "the id of a user, usr_…", text)
}

const add = leaf<Run>()({
  name: "add",
  summary: "Gives a user access to a customer.",
  params,
  run: (values) => async () => (await load()).add(values)
})

const remove = leaf<Run>()({
  name: "remove",
  summary: "Takes a user's access to a customer away; the user's account stays.",
  params,
  run: (values) => async () => (await load()).remove(values)
})

export const users: Group<Run> = {
  _tag: "Group",
  name: "users",
  summary: "The operations on the users of a customer.",
  commands: [add, remove]
}
