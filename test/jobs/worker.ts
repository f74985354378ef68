/** Runs durable jobs in its own process. Its arguments are its database, the API's server, and the options of its layer as JSON. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as Jobs from "@effect-avara/jobs/Jobs"
import * as NodeAvara from "@effect-avara/node/NodeAvara"
import * as Console from "effect/Console"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"

const [database = "", server = "", options = "{}"] = process.argv.slice(2)

const Engine = database.startsWith("postgres:")
  ? Layer.provide(Jobs.layerPostgres(JSON.parse(options)), PgClient.layer({ url: Redacted.make(database) }))
  : Jobs.layerSqlite({ file: database, ...JSON.parse(options) })

const Avara = NodeAvara.layer({ apiKey: Redacted.make(`sk_live_${"0".repeat(32)}`), baseUrl: server })

const Worker = Layer.provide(Jobs.layer, Layer.merge(Engine, Avara))

Layer.launch(Layer.tap(Worker, () => Console.log("started"))).pipe(NodeRuntime.runMain)
