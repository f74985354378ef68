import type { Buffer } from "node:buffer"
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { parseArgs } from "node:util"
import { customerAt, indexOf, offsetOf, pageBody, pageSize } from "./wire.js"

const { values } = parseArgs({ options: { customers: { type: "string", default: "30000" } } })

const customers = Number(values.customers)

/** How long answers are held back, in ms; the parent may change it. */
let latency = 0

/** As many pages as are worth keeping, so that most runs cost the server no work. */
const maxKept = 1000

const kept = new Map<number, Buffer>()

const pageAt = (offset: number): Buffer => {
  const known = kept.get(offset)
  if (known !== undefined) return known
  const body = pageBody(offset, customers)
  if (kept.size < maxKept) kept.set(offset, body)
  return body
}

const customerBody = (path: string): string | undefined => {
  const index = indexOf(path.slice(path.lastIndexOf("/") + 1))
  return index >= 0 && index < customers ? JSON.stringify(customerAt(index)) : undefined
}

const bodyOf = (url: string): Buffer | string | undefined => {
  const { pathname, searchParams } = new URL(url, "http://localhost")
  if (pathname !== "/v1/express") return customerBody(pathname)
  if (searchParams.get("limit") !== String(pageSize)) return undefined
  const cursor = searchParams.get("cursor")
  return pageAt(cursor === null ? 0 : offsetOf(cursor))
}

const answer = (response: ServerResponse, body: Buffer | string | undefined): void => {
  const status = body === undefined ? 404 : 200
  const content = body ?? "{}"
  const length = typeof content === "string" ? content.length : content.byteLength
  response.writeHead(status, { "content-type": "application/json", "content-length": length }).end(content)
}

/** A timer is late by up to this much, in ms. */
const slack = 1

/** Timers alone are too coarse for figures within a few per cent of the latency. */
const spinUntil = (time: number, action: () => void): void => {
  if (performance.now() >= time) action()
  else setImmediate(spinUntil, time, action)
}

const after = (milliseconds: number, action: () => void): void => {
  const time = performance.now() + milliseconds
  if (milliseconds === 0) action()
  else setTimeout(spinUntil, Math.max(0, milliseconds - slack), time, action)
}

const server = createServer((request, response) => after(latency, () => answer(response, bodyOf(request.url ?? "/"))))

server.keepAliveTimeout = 60_000

server.listen(0, "127.0.0.1", () => {
  process.send?.((server.address() as AddressInfo).port)
})

process.on("message", (milliseconds: number) => {
  latency = milliseconds
  process.send?.(latency)
})

process.once("disconnect", () => process.exit(0))
