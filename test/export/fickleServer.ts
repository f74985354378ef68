/** A server in memory whose behavior the test changes between requests. */
import * as http from "node:http"
import * as Effect from "effect/Effect"
import { listening } from "../support/listen.js"

interface Customer {
  readonly id: string
  readonly name: string
  isActive: boolean
  readonly metadata: Readonly<Record<string, string>>
  readonly users: Set<string>
}

/**
 * The server's reaction to a write that changes something; it always responds normally to other writes.
 *
 * - `refuses`: a 409 for a reason unrelated to the state of the customer.
 * - `isUnsuccessful`: a 200 that says `success: false`.
 * - `findsInvalid`: a 400.
 * - `isUnavailable`: a 503, a few times.
 * - `losesAnswers`: processes the request and cuts the connection, a few times.
 */
export type Mind = "willing" | "refuses" | "isUnsuccessful" | "findsInvalid" | "isUnavailable" | "losesAnswers"

export const idAt = (index: number): string => `cus_${index.toString(16).padStart(32, "0")}`

interface Answer {
  readonly status: number
  readonly body: unknown
}

const ok = (body: unknown): Answer => ({ status: 200, body })

const refusal = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code, message } }
})

const customerNotFound = refusal(404, "customer_not_found", "There is no customer with this id.")
const userNotFound = refusal(404, "membership_not_found", "The user is not assigned to this customer.")
const alreadyAssigned = refusal(409, "already_assigned", "The user is already assigned to this customer.")

const shown = ({ id, isActive, metadata, name, users }: Customer) => ({
  expressCustomerId: id,
  expressCustomerName: name,
  isActive,
  userCount: users.size,
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: null,
  metadata
})

/** A write: its response if nothing changes, and how to process it. */
interface Write {
  readonly isDone?: Answer
  readonly perform: () => Answer
}

const readBody = async (request: http.IncomingMessage): Promise<Record<string, unknown>> => {
  let text = ""
  for await (const chunk of request.setEncoding("utf8")) text += chunk
  return text === "" ? {} : JSON.parse(text)
}

const makeStore = (count: number) => {
  const customers = new Map<string, Customer>()
  let next = 0
  const insert = (id: string, name: string, metadata: Customer["metadata"] = {}) => {
    const customer = { id, name, metadata, isActive: true, users: new Set<string>() }
    customers.set(id, customer)
    return customer
  }
  // Gaps leave room for later insertions.
  for (let index = 0; index < count; index++) insert(idAt(100 * (index + 1)), `Customer ${index}`)

  const list = () => Array.from(customers.values()).sort((one, other) => (one.id < other.id ? -1 : 1))

  /** A cursor is the last id read, so insertions and deletions shift no page. */
  const page = (query: URLSearchParams): Answer => {
    const after = atob(query.get("cursor") ?? "")
    const limit = Number(query.get("limit") ?? 20)
    const rest = list().filter(({ id }) => id > after)
    const rows = rest.slice(0, limit)
    const cursor = btoa(rows.at(-1)?.id ?? "")
    const isLast = rest.length <= limit
    return ok({ expressCustomers: rows.map(shown), hasMore: !isLast, ...(isLast ? {} : { cursor }) })
  }

  const create = ({ expressCustomerName, metadata }: Record<string, unknown>): Write => ({
    perform: () => {
      next += 1
      const pairs = Object.entries(metadata ?? {}).map(([key, value]) => [key, String(value)] as const)
      return ok(shown(insert(idAt(1_000_000 + next), String(expressCustomerName), Object.fromEntries(pairs))))
    }
  })

  const setActive = (customer: Customer, isActive: boolean): Write => ({
    ...(customer.isActive === isActive ? { isDone: ok(shown(customer)) } : {}),
    perform: () => {
      customer.isActive = isActive
      return ok(shown(customer))
    }
  })

  const addUser = ({ users }: Customer, userId: string): Write => ({
    ...(users.has(userId) ? { isDone: alreadyAssigned } : {}),
    perform: () => {
      users.add(userId)
      return ok({ success: true })
    }
  })

  const removeUser = ({ users }: Customer, userId: string): Write => ({
    ...(users.has(userId) ? {} : { isDone: userNotFound }),
    perform: () => {
      users.delete(userId)
      return ok({ success: true })
    }
  })

  const writeOf = (method: string, path: ReadonlyArray<string>, body: Record<string, unknown>): Write => {
    const [id, action] = path
    if (id === undefined) return create(body)
    const customer = customers.get(id)
    const notFound = { isDone: customerNotFound, perform: () => customerNotFound }
    if (customer === undefined) return notFound
    if (action === "deactivate") return setActive(customer, false)
    if (action === "reactivate") return setActive(customer, true)
    const change = method === "DELETE" ? removeUser : addUser
    return change(customer, String(body["userId"]))
  }

  const read = (path: ReadonlyArray<string>, query: URLSearchParams): Answer => {
    const [id] = path
    if (id === undefined) return page(query)
    const customer = customers.get(id)
    return customer === undefined ? customerNotFound : ok(shown(customer))
  }

  return { customers, insert, list, read, writeOf }
}

/** How often a transient fault occurs. */
const passing = 3

const makeMind = () => {
  let mind: Mind = "willing"
  let left = 0
  const change = (to: Mind) => {
    mind = to
    left = to === "isUnavailable" || to === "losesAnswers" ? passing : Number.POSITIVE_INFINITY
  }
  const decide = ({ isDone, perform }: Write): Answer | "lost" => {
    if (isDone !== undefined) return isDone
    left -= 1
    if (left < 0) return perform()
    switch (mind) {
      case "willing":
        return perform()
      case "refuses":
        return refusal(409, "limit_reached", "No seats are left.")
      case "isUnsuccessful":
        return ok({ success: false, message: "No seats are left." })
      case "findsInvalid":
        return refusal(400, "invalid_request", "This is not allowed today.")
      case "isUnavailable":
        return refusal(503, "unavailable", "Come back later.")
      case "losesAnswers":
        perform()
        return "lost"
    }
  }
  return { change, decide }
}

/** A server of `count` customers on a free port of 127.0.0.1 until the scope closes. */
export const fickleServer = (count: number) =>
  Effect.gen(function* () {
    const store = makeStore(count)
    const mind = makeMind()

    const handle = async (request: http.IncomingMessage, response: http.ServerResponse) => {
      const { pathname, searchParams } = new URL(request.url ?? "", "http://fickle")
      const path = pathname.split("/").slice(3)
      const body = await readBody(request)
      const { method = "GET" } = request
      const answer = method === "GET" ? store.read(path, searchParams) : mind.decide(store.writeOf(method, path, body))
      if (answer === "lost") request.socket.destroy()
      else response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body))
    }

    // A request of a client that was killed while sending it does not count.
    const server = http.createServer((request, response) => void handle(request, response).catch(() => {}))
    const port = yield* listening(server)
    return {
      url: `http://127.0.0.1:${port}`,
      customers: store.customers,
      insert: store.insert,
      /** The customers in list order. */
      list: store.list,
      changeMind: mind.change
    }
  })

export type FickleServer = Effect.Effect.Success<ReturnType<typeof fickleServer>>
