import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** The requests of the test to this process. */
export type Question = "connections" | "stop"

/** The replies of this process: its port once, then the number of open connections and of all connections made. */
export type Answer =
  | { readonly port: number }
  | { readonly open: number; readonly made: number; readonly faults: number }

const customer = {
  createdAt: "2024-01-15T09:00:00Z",
  expressCustomerId: "cus_1234567890abcdef1234567890abcdef",
  expressCustomerName: "City Medical Center",
  isActive: true,
  updatedAt: null,
  userCount: 15,
  metadata: { department: "radiology" }
}

const bodyOf = ({ method, url }: IncomingMessage): string => {
  if (url?.includes("/users") === true) return JSON.stringify({ success: true })
  return JSON.stringify(
    method === "GET" && !url?.includes("cus_") ? { expressCustomers: [customer], hasMore: false } : customer
  )
}

const json = { "content-type": "application/json" }

const faults: ReadonlyArray<(response: ServerResponse, body: string) => void> = [
  (response) => response.destroy(),
  (response, body) => {
    response.writeHead(200, { ...json, "content-length": body.length })
    response.write(body.slice(0, 20), () => response.destroy())
  },
  (response) => response.writeHead(500, json).end('{"message":"no"}'),
  (response) => response.writeHead(429, { "retry-after-ms": "1" }).end(),
  () => undefined,
  (response) => response.writeHead(200, json).write("{"),
  (response) => response.writeHead(200, json).end('{"expressCustomerId":'),
  (response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>no</html>")
]

/** Every twentieth request meets a fault, one kind after the other. */
const every = 20

let requests = 0
let made = 0

const server = createServer((request, response) => {
  request.resume()
  request.once("end", () => {
    requests += 1
    const fault = requests % every === 0 ? faults[(requests / every) % faults.length] : undefined
    if (fault !== undefined) return fault(response, bodyOf(request))
    response.writeHead(200, json).end(bodyOf(request))
  })
})

const send = (answer: Answer) => process.send?.(answer)

server.on("connection", () => {
  made += 1
})

server.listen(0, "127.0.0.1", () => send({ port: (server.address() as AddressInfo).port }))

process.on("message", (question: Question) => {
  if (question === "stop") process.exit(0)
  server.getConnections((_, open) => send({ open, made, faults: Math.floor(requests / every) }))
})

process.on("disconnect", () => process.exit(0))
