#!/usr/bin/env node
import { parseArgs } from "node:util"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Emulator from "./Emulator.js"
import { isOrigin } from "./internal/guard.js"

class BadUsage extends Data.TaggedError("BadUsage")<{ readonly message: string }> {}

const usage = `The Avara Express API as a local server.

  --port <port>        the port to listen on, 0 for a free one (default 8787)
  --host <address>     the address to listen on (default 127.0.0.1: this machine only)
  --cors <origin>      the origin whose pages may call it from a browser (default: none)
  --customers <count>  how many customers to generate while there are none (default 10000)
  --seed <seed>        what the generated customers come from (default 1)
  --file <path>        a file that keeps the customers from run to run (default: memory)
  --help               this text`

const flags = {
  port: { type: "string", default: "8787" },
  host: { type: "string", default: "127.0.0.1" },
  cors: { type: "string" },
  customers: { type: "string", default: "10000" },
  seed: { type: "string", default: "1" },
  file: { type: "string" },
  help: { type: "boolean", default: false }
} as const

const firstLine = (text: string): string => text.split("\n", 1).join()

const parseFlags = Effect.try({
  try: () => parseArgs({ options: flags, strict: true, allowPositionals: false }).values,
  catch: (error) => new BadUsage({ message: firstLine(error instanceof Error ? error.message : String(error)) })
})

const integer = (flag: string, text: string, max: number) =>
  /^\d{1,16}$/.test(text) && Number(text) <= max
    ? Effect.succeed(Number(text))
    : Effect.fail(new BadUsage({ message: `--${flag} takes an integer from 0 to ${max}, not "${text}"` }))

const maxCustomers = 10_000_000

const options = Effect.fnUntraced(function* (values: Effect.Effect.Success<typeof parseFlags>) {
  const port = yield* integer("port", values.port, 65_535)
  const customers = yield* integer("customers", values.customers, maxCustomers)
  const seed = yield* integer("seed", values.seed, Number.MAX_SAFE_INTEGER)
  if (values.host === "") return yield* new BadUsage({ message: "--host takes an address" })
  if (values.cors !== undefined && !isOrigin(values.cors)) {
    return yield* new BadUsage({
      message: "--cors takes one origin such as http://localhost:3000, not a path and not *"
    })
  }
  if (values.file === "") return yield* new BadUsage({ message: "--file takes a path" })
  return { port, host: values.host, cors: values.cors, customers, seed, file: values.file }
})

const announce = Effect.fnUntraced(function* ({ host }: Emulator.Options) {
  const { count, url } = yield* Emulator.Emulator
  yield* Console.log(`Avara Express API emulator: ${yield* count} customers at ${url}
  to look  ${url}
  to read  ${url}/docs
  to use   AVARA_BASE_URL=${url} AVARA_API_KEY=sk_live_${"0".repeat(32)}
Every API key of the form sk_live_ and 32 hex digits is accepted. Ctrl-C ends it.`)
  if (host === "0.0.0.0" || host === "::") yield* Console.log("Other machines can connect to it.")
})

const program = Effect.gen(function* () {
  const values = yield* parseFlags
  if (values.help) return yield* Console.log(usage)
  const chosen = yield* options(values)
  return yield* Effect.zipRight(announce(chosen), Effect.never).pipe(Effect.provide(Emulator.layer(chosen)))
})

const failWith = (code: number) => (error: { readonly message: string }) =>
  Effect.zipRight(
    Console.error(`avara-emulator: ${error.message}`),
    Effect.sync(() => {
      process.exitCode = code
    })
  )

program.pipe(
  Effect.catchTags({ BadUsage: failWith(2), ListenFailed: failWith(1), StorageFailed: failWith(1) }),
  NodeRuntime.runMain
)
