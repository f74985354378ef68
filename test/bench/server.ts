import { Buffer } from "node:buffer"
import { type AddressInfo, createServer, type Socket } from "node:net"
import { parseArgs } from "node:util"
import { head } from "../support/answerHead.js"
import { customerAt, indexOf, offsetOf, pageBody, pageSize } from "./wire.js"

const { values } = parseArgs({ options: { customers: { type: "string", default: "30000" } } })

const customers = Number(values.customers)

/** The delay of a response, in ms; the parent may change it. */
let latency = 0

/** The maximum size of the response cache in bytes, which spares the server work in most runs. */
const maxKept = 64 * 1024 * 1024

const kept = new Map<string, Buffer>()

let keptSize = 0

const customerBody = (path: string): string | undefined => {
  const index = indexOf(path.slice(path.lastIndexOf("/") + 1))
  return index >= 0 && index < customers ? JSON.stringify(customerAt(index)) : undefined
}

const bodyOf = (target: string): Buffer | string | undefined => {
  const { pathname, searchParams } = new URL(target, "http://localhost")
  if (pathname !== "/v1/express") return customerBody(pathname)
  if (searchParams.get("limit") !== String(pageSize)) return undefined
  const cursor = searchParams.get("cursor")
  return pageBody(cursor === null ? 0 : offsetOf(cursor), customers)
}

const written = (status: number, body: Buffer): Buffer => {
  const headers = {
    "content-type": "application/json",
    "content-length": String(body.byteLength),
    date: new Date().toUTCString(),
    connection: "keep-alive",
    "keep-alive": "timeout=60"
  }
  return Buffer.concat([Buffer.from(head(status, headers)), body])
}

const answerTo = (target: string): Buffer => {
  const known = kept.get(target)
  if (known !== undefined) return known
  const body = bodyOf(target)
  const answer = body === undefined ? written(404, Buffer.from("{}")) : written(200, Buffer.from(body))
  if (keptSize + answer.byteLength <= maxKept) {
    kept.set(target, answer)
    keptSize += answer.byteLength
  }
  return answer
}

/** The maximum lateness of a timer, in ms. */
const slack = 1

/** Timers alone are too coarse for figures within a few percent of the latency. */
const spinUntil = (time: number, action: () => void): void => {
  if (performance.now() >= time) action()
  else setImmediate(spinUntil, time, action)
}

const after = (milliseconds: number, action: () => void): void => {
  const time = performance.now() + milliseconds
  if (milliseconds === 0) action()
  else setTimeout(spinUntil, Math.max(0, milliseconds - slack), time, action)
}

const endOfHead = "\r\n\r\n"

/** Supports only `GET` without a body: a full HTTP server would take longer than the compared clients. */
const serve = (socket: Socket): void => {
  let unread = ""
  socket.setNoDelay()
  socket.on("error", () => socket.destroy())
  socket.on("data", (bytes) => {
    unread += bytes.toString("latin1")
    for (let end = unread.indexOf(endOfHead); end !== -1; end = unread.indexOf(endOfHead)) {
      const [, target = "/"] = unread.slice(0, unread.indexOf("\r\n")).split(" ")
      unread = unread.slice(end + endOfHead.length)
      after(latency, () => socket.write(answerTo(target)))
    }
  })
}

const server = createServer(serve)

server.listen(0, "127.0.0.1", () => {
  process.send?.((server.address() as AddressInfo).port)
})

process.on("message", (milliseconds: number) => {
  latency = milliseconds
  process.send?.(latency)
})

process.once("disconnect", () => process.exit(0))
