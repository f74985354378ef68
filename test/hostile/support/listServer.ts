import * as http from "node:http"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { customer } from "../../faults/support/calls.js"
import { listen } from "../../support/listen.js"

/** A list of customers, by number, at each request. */
export interface ListScript {
  /** The list at a request, by its number from 0. */
  readonly rows: (request: number) => ReadonlyArray<number>
  /** The requests that get a 500. */
  readonly fails?: (request: number) => boolean
  /** The requests that get an HTML page with 200. */
  readonly isHtml?: (request: number) => boolean
  /** The requests whose cursor is refused with 400. */
  readonly refuses?: (request: number) => boolean
  /** The requests whose page says that it is the last. */
  readonly lies?: (request: number) => boolean
  /** The maximum number of customers on a page, whatever the limit. */
  readonly pageSize?: number
  readonly encode?: (offset: number) => string
  readonly decode?: (cursor: string) => number
}

export const numbers = (first: number, end: number): ReadonlyArray<number> =>
  Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index)

const encodeOffset = (offset: number): string => btoa(JSON.stringify({ offset }))

const decodeOffset = (cursor: string): number => JSON.parse(atob(cursor)).offset

/** Serves a list by offset until the scope closes; returns its URL. */
export const listServer = ({
  decode = decodeOffset,
  encode = encodeOffset,
  fails = () => false,
  isHtml = () => false,
  refuses = () => false,
  lies = () => false,
  pageSize = 100,
  rows
}: ListScript): Effect.Effect<string, never, Scope.Scope> => {
  let requests = 0
  const server = http.createServer({ maxHeaderSize: 1_000_000 }, ({ url = "/" }, response) => {
    const number = requests++
    if (fails(number)) return void response.writeHead(500).end("{}")
    if (isHtml(number)) return void response.writeHead(200).end("<html><body>One moment, please</body></html>")
    if (refuses(number)) return void response.writeHead(400).end('{"message":"it expired"}')
    const { searchParams } = new URL(url, "http://server")
    const cursor = searchParams.get("cursor")
    const list = rows(number)
    const start = cursor === null ? 0 : decode(cursor)
    const page = list.slice(start, start + Math.min(pageSize, Number(searchParams.get("limit"))))
    const end = start + page.length
    const hasMore = end < list.length && !lies(number)
    const body = { expressCustomers: page.map(customer), hasMore, ...(hasMore ? { cursor: encode(end) } : {}) }
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body))
  })
  return listen(server)
}
