/** Exports of the list in every format, and to a table of SQLite. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as NodeContext from "@effect/platform-node/NodeContext"
import * as SqlClient from "@effect/sql/SqlClient"
import * as LibsqlClient from "@effect/sql-libsql/LibsqlClient"
import { Avara } from "@effect-avara/core"
import { Export, Format, Sink } from "@effect-avara/export"
import { createClient } from "@libsql/client/sqlite3"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { equal } from "./equal.js"
import type { Servers } from "./operations.js"

const files = (folder: string, customers: number) =>
  Effect.forEach(Format.names, (name) =>
    Effect.gen(function* () {
      const path = join(folder, `customers.${name}`)
      const { rows } = yield* Export.run({ sink: Sink.file(path, name) })
      equal(`rows of ${name}`, rows, customers)
      equal(`${name} is empty`, readFileSync(path).byteLength === 0, false)
    })
  )

const sqlite = (customers: number) =>
  Effect.gen(function* () {
    equal("rows of the table", (yield* Export.run({ sink: Sink.sql() })).rows, customers)
    const sql = yield* SqlClient.SqlClient
    const [row] = yield* sql<{ rows: number }>`SELECT count(*) AS rows FROM avara_customers`
    equal("rows in the table", row?.rows, customers)
  })

const sqliteLayer = (file: string) => {
  const client = Effect.acquireRelease(
    Effect.sync(() => createClient({ url: pathToFileURL(file).href })),
    (client) => Effect.sync(() => client.close())
  )
  return Layer.unwrapScoped(Effect.map(client, (liveClient) => LibsqlClient.layer({ liveClient })))
}

export const run = ({ customers, folder, url }: Servers): Promise<void> => {
  const avara = Avara.layer({ apiKey: Redacted.make("sk_live_1234567890abcdef1234567890abcdef"), baseUrl: url })
  return files(folder, customers).pipe(
    Effect.zipRight(Effect.provide(sqlite(customers), sqliteLayer(join(folder, "customers.db")))),
    Effect.provide([Layer.provide(avara, FetchHttpClient.layer), NodeContext.layer]),
    Effect.runPromise
  )
}
