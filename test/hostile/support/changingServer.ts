import * as http from "node:http"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { listen } from "../../support/listen.js"

/** A response that is not a success. */
export interface Refusal {
  readonly status: number
  readonly body: object
}

/** A server's records, and its behavior from now on. */
export interface ChangingServer {
  readonly url: string
  /** The memberships, as `customer user`. */
  readonly members: Set<string>
  readonly inactive: Set<string>
  /** The names of the customers that were created. */
  readonly names: Array<string>
  /** From now on, refuses everything but reads, and responds with `ifDone` to requests that it has already processed. */
  readonly refuse: (refusal: Refusal, ifDone?: Refusal) => void
  /** Completes when the server has processed `rows` rows. */
  readonly untilDone: (rows: number) => Effect.Effect<void>
}

const customer = (id: string, name: string, isActive: boolean, metadata: object = {}) => ({
  expressCustomerId: id,
  expressCustomerName: name,
  isActive,
  userCount: 0,
  createdAt: null,
  updatedAt: null,
  metadata
})

const textOf = async (request: http.IncomingMessage): Promise<string> => {
  const parts: Array<Uint8Array> = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString("utf8")
}

interface Created {
  readonly expressCustomerName: string
  readonly metadata: object
}

/** The operation of a request: whether it is already done, how to do it, and the response. */
interface Change {
  readonly isDone: boolean
  readonly perform: () => void
  readonly response: () => object
}

const makeState = () => {
  const members = new Set<string>()
  const inactive = new Set<string>()
  const created: Array<ReturnType<typeof customer>> = []
  const names: Array<string> = []

  const changeMember = (key: string, isAdd: boolean): Change => ({
    isDone: members.has(key) === isAdd,
    perform: () => void (isAdd ? members.add(key) : members.delete(key)),
    response: () => ({ success: true })
  })
  const changeActive = (id: string): Change => ({
    isDone: inactive.has(id),
    perform: () => void inactive.add(id),
    response: () => customer(id, "Clinic", false)
  })
  const create = (body: Created): Change => {
    const made = customer(
      `cus_${String(created.length).padStart(32, "0")}`,
      body.expressCustomerName,
      true,
      body.metadata
    )
    return {
      isDone: false,
      perform: () => {
        created.push(made)
        names.push(body.expressCustomerName)
      },
      response: () => made
    }
  }
  const changeOf = (method: string, [id = "", what = ""]: ReadonlyArray<string>, body: string): Change => {
    if (what === "users") return changeMember(`${id} ${JSON.parse(body).userId}`, method === "POST")
    return what === "deactivate" ? changeActive(id) : create(JSON.parse(body))
  }
  const read = (id: string | undefined) =>
    id === undefined ? { expressCustomers: created, hasMore: false } : customer(id, "Clinic", !inactive.has(id))
  return { members, inactive, names, changeOf, read }
}

/** A server that processes every row after `delayMillis` milliseconds until it is told to refuse. */
export const changingServer = (delayMillis: number) =>
  Effect.gen(function* () {
    const state = makeState()
    let refusing: { readonly refusal: Refusal; readonly ifDone: Refusal } | undefined
    let done = 0
    const change = (method: string, path: ReadonlyArray<string>, body: string): Refusal => {
      const { isDone, perform, response } = state.changeOf(method, path, body)
      if (refusing !== undefined) return isDone ? refusing.ifDone : refusing.refusal
      perform()
      done += 1
      return { status: 200, body: response() }
    }
    const respond = async (request: http.IncomingMessage): Promise<Refusal> => {
      const { method = "", url = "" } = request
      const path = new URL(url, "http://server").pathname.split("/").slice(3)
      if (method === "GET") return { status: 200, body: state.read(path[0]) }
      const body = await textOf(request)
      await new Promise((resolve) => setTimeout(resolve, refusing === undefined ? delayMillis : 0))
      return change(method, path, body)
    }
    const server = http.createServer((request, response) => {
      void respond(request).then(({ body, status }) =>
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
      )
    })
    const url = yield* listen(server)
    const { inactive, members, names } = state
    const changing: ChangingServer = {
      url,
      members,
      inactive,
      names,
      refuse: (refusal, ifDone = refusal) => {
        refusing = { refusal, ifDone }
      },
      untilDone: (rows) =>
        Effect.sync(() => done >= rows).pipe(
          Effect.repeat({ until: (isDone) => isDone, schedule: Schedule.spaced("5 millis") }),
          Effect.timeoutFail({ duration: "20 seconds", onTimeout: () => `the server never did ${rows} rows` }),
          Effect.orDieWith((message) => new Error(message)),
          Effect.asVoid
        )
    }
    return changing
  })
