import * as http from "node:http"
import * as Effect from "effect/Effect"
import { start } from "../../../packages/cli/test/support.js"
import { listen } from "../../support/listen.js"

const pageSize = 100

/** A customer with the maximum metadata, 50 pairs, with each character written as `character`. */
const customerOf = (character: string) => {
  const pairs = Array.from(
    { length: 50 },
    (_, index) => `"${character.repeat(98)}${10 + index}":"${character.repeat(1000)}"`
  )
  const name = character.repeat(2000)
  return (index: number) =>
    `{"createdAt":null,"expressCustomerId":"cus_${index}","expressCustomerName":"${name}","isActive":true,"updatedAt":null,` +
    `"userCount":0,"metadata":{${pairs.join(",")}}}`
}

const pageOf = (toRow: (index: number) => string, page: number, pages: number) => {
  const rows = Array.from({ length: pageSize }, (_, index) => toRow(page * pageSize + index))
  const cursor = page + 1 < pages ? `,"cursor":"${page + 1}"` : ""
  return `{"expressCustomers":[${rows.join(",")}],"hasMore":${cursor !== ""}${cursor}}`
}

/** A server whose customers are the largest allowed, 100 a page. */
export const largestCustomers = (character: string, pages: number) => {
  const toRow = customerOf(character)
  return listen(
    http.createServer(({ url = "" }, response) => {
      const page = Number(new URL(url, "http://localhost").searchParams.get("cursor") ?? 0)
      response.setHeader("content-type", "application/json")
      response.end(pageOf(toRow, page, pages))
    })
  )
}

const sayMemory = `process.on("exit", () => process.stderr.write(\`peak \${process.resourceUsage().maxRSS} KiB\\n\`))`

/** Runs a script before the command, in its process. */
export const withScript = ([node = "", ...command]: ReadonlyArray<string>, script: string): ReadonlyArray<string> => [
  node,
  "--import",
  `data:text/javascript,${encodeURIComponent(script)}`,
  ...command
]

/** Runs the command to its end and returns its peak memory in MiB. */
export const measured = (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>,
  command: ReadonlyArray<string>
) =>
  Effect.map(
    Effect.flatMap(start(args, { env }, withScript(command, sayMemory)), ({ ended }) => ended),
    (ended) => ({ ...ended, peakMebibytes: Number(/peak (\d+) KiB/.exec(ended.stderr)?.[1]) / 1024 })
  )
