import type { Run } from "../services.js"
import { type Group, leaf } from "../syntax/command.js"
import { argument, flag, option, type Param, repeated, required } from "../syntax/param.js"
import { integer, pair, text } from "../syntax/reader.js"

const load = () => import("./customers.js")

const customerId = argument("CUSTOMER_ID", "the id of a customer, cus_…", text)

const name = option({ name: "name", placeholder: "NAME", summary: "the customer's name", reader: text })

const metadata = repeated({
  name: "metadata",
  placeholder: "KEY=VALUE",
  summary: "a pair kept with the customer, at most 50",
  reader: pair
})

/** The filters of a list, which run on this side. */
export const filters: { readonly active: Param<boolean>; readonly inactive: Param<boolean> } = {
  active: flag("active", "only customers that are active"),
  inactive: flag("inactive", "only customers that are deactivated")
}

export const checkFilters = ({ active, inactive }: { readonly active: boolean; readonly inactive: boolean }) =>
  active && inactive ? "--active and --inactive exclude each other" : undefined

const list = leaf<Run>()({
  name: "list",
  summary: "Lists the customers, all of them unless --limit says otherwise.",
  details: [
    "Rows are written as the pages come. As JSON, each line is a customer as the server sent it.",
    "The list is complete when the command ends with 0; on any failure it is not."
  ],
  examples: ["avara customers list --active", "avara customers list --json | jq -r .expressCustomerName"],
  params: {
    ...filters,
    limit: option({
      name: "limit",
      placeholder: "N",
      summary: "at most N customers",
      reader: integer(1, Number.MAX_SAFE_INTEGER)
    })
  },
  check: checkFilters,
  run: (values) => async () => (await load()).list(values)
})

const get = leaf<Run>()({
  name: "get",
  summary: "Shows one customer.",
  params: { customerId },
  run: (values) => async () => (await load()).get(values)
})

const create = leaf<Run>()({
  name: "create",
  summary: "Creates a customer, and shows it.",
  details: [
    "Where the answer is lost it is not known whether the customer was created: the command ends with 8 and does not try again.",
    "With --once the customer carries a key of yours in its metadata. Where the answer is lost, the command looks for that key, and a second run with the same key finds the customer instead of creating another one."
  ],
  examples: ['avara customers create --name "City Medical Center" --metadata region=northeast'],
  params: {
    name: required(name),
    metadata,
    once: option({
      name: "once",
      placeholder: "KEY",
      summary: "what tells this customer from every other one, such as its number in a system of yours",
      reader: text
    })
  },
  run: (values) => async () => (await load()).create(values)
})

const update = leaf<Run>()({
  name: "update",
  summary: "Changes a customer's name or metadata, and shows it.",
  examples: [
    'avara customers update cus_1234567890abcdef1234567890abcdef --name "City Medical Center"',
    "avara customers update cus_1234567890abcdef1234567890abcdef --clear-metadata"
  ],
  params: { customerId, name, metadata, clearMetadata: flag("clear-metadata", "remove all metadata") },
  check: ({ clearMetadata, metadata, name }) => {
    if (clearMetadata && metadata.length > 0) return "--metadata and --clear-metadata exclude each other"
    return name === undefined && metadata.length === 0 && !clearMetadata
      ? "give --name, --metadata or --clear-metadata: there is nothing to change"
      : undefined
  },
  run: (values) => async () => (await load()).update(values)
})

const deactivate = leaf<Run>()({
  name: "deactivate",
  summary: "Bars a customer from new studies and users; its data stays.",
  params: { customerId },
  run: (values) => async () => (await load()).deactivate(values)
})

const reactivate = leaf<Run>()({
  name: "reactivate",
  summary: "Undoes deactivate.",
  params: { customerId },
  run: (values) => async () => (await load()).reactivate(values)
})

export const customers: Group<Run> = {
  _tag: "Group",
  name: "customers",
  summary: "The operations on customers.",
  commands: [list, get, create, update, deactivate, reactivate]
}
