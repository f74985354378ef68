import * as http from "node:http"
import * as Effect from "effect/Effect"
import { listen } from "../../support/listen.js"

const limit = 100

const customer = (index: number, name: string) => ({
  expressCustomerId: `cus_${String(index).padStart(32, "0")}`,
  expressCustomerName: `${name} ${index}`,
  isActive: true,
  userCount: index,
  createdAt: "2024-01-15T09:00:00.123456Z",
  updatedAt: null
})

/** The server's reaction to the request for the page at an offset: sends it immediately or later, never responds, or responds with a status. */
export type Fault = (offset: number) => number | "slow" | "hang" | undefined

const slowMillis = 700

export interface Pages {
  readonly url: string
  /** Changes the server's behavior. */
  readonly setFault: (fault: Fault) => void
  readonly requests: () => number
}

/** A server of a list in pages of 100 whose cursors are offsets. */
export const pages = (customers: number, name = "Clinic") =>
  Effect.gen(function* () {
    let fault: Fault = () => undefined
    let requests = 0
    const server = http.createServer((request, response) => {
      requests += 1
      const offset = Number(new URL(request.url ?? "/", "http://server").searchParams.get("cursor") ?? 0)
      const action = fault(offset)
      if (action === "hang") return
      const status = action === "slow" ? undefined : action
      const next = Math.min(customers, offset + limit)
      const page = {
        expressCustomers: Array.from({ length: next - offset }, (_, index) => customer(offset + index, name)),
        ...(next < customers ? { hasMore: true, cursor: String(next) } : { hasMore: false })
      }
      const respond = () => {
        response
          .writeHead(status ?? 200, { "content-type": "application/json" })
          .end(status === undefined ? JSON.stringify(page) : "{}")
      }
      if (action === "slow") setTimeout(respond, slowMillis)
      else respond()
    })
    const url = yield* listen(server)
    const served: Pages = {
      url,
      setFault: (next) => {
        fault = next
      },
      requests: () => requests
    }
    return served
  })
