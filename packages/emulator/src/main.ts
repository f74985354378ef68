#!/usr/bin/env node
import "./internal/requireNode.js"
import { parseArgs } from "node:util"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Console from "effect/Console"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Emulator from "./Emulator.js"
import { isOrigin, listensEverywhere } from "./internal/guard.js"
import { maxCustomers } from "./internal/schema.js"

class BadUsage extends Data.TaggedError("BadUsage")<{ readonly message: string }> {}

const usage = `Runs a local emulator of the Avara Express API.

  --port <port>        the port to listen on, or 0 for a free one (default 8787)
  --host <address>     the address to listen on (default 127.0.0.1: this machine only)
  --cors <origin>      the origin whose pages may call the emulator from a browser (default: none)
  --customers <count>  how many customers to generate if there are none (default 10000, 0 with --seed-file)
  --seed <seed>        the seed of the generated customers (default 1)
  --seed-file <path>   a JSON file with the initial customers, in the form that /__emulator/state returns
  --file <path>        a file that keeps the customers between runs (default: only in memory)
  --faults <path>      a JSON file with the initial faults, in the form that POST /__emulator/faults accepts
  --api-key <key>      the only API key to accept (default: every key that is not blank)
  --record-bodies      record the request bodies, which /__emulator/requests then shows
  --help               show this help`

const flags = {
  port: { type: "string", default: "8787" },
  host: { type: "string", default: "127.0.0.1" },
  cors: { type: "string" },
  customers: { type: "string" },
  seed: { type: "string", default: "1" },
  "seed-file": { type: "string" },
  file: { type: "string" },
  faults: { type: "string" },
  "api-key": { type: "string" },
  "record-bodies": { type: "boolean", default: false },
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
    : Effect.fail(new BadUsage({ message: `--${flag} must be an integer from 0 to ${max}, not "${text}"` }))

const path = (flag: string, text: string | undefined) =>
  text === "" ? Effect.fail(new BadUsage({ message: `--${flag} must not be empty` })) : Effect.succeed(text)

const key = (text: string | undefined) => {
  if (text === undefined) return Effect.succeed(undefined)
  return text.trim() === ""
    ? Effect.fail(new BadUsage({ message: "--api-key must not be blank" }))
    : Effect.succeed(Redacted.make(text))
}

const options = Effect.fnUntraced(function* (values: Effect.Effect.Success<typeof parseFlags>) {
  const seedFile = yield* path("seed-file", values["seed-file"])
  const customers = values.customers ?? (seedFile === undefined ? "10000" : "0")
  if (values.host === "") return yield* new BadUsage({ message: "--host must not be empty" })
  if (values.cors !== undefined && !isOrigin(values.cors)) {
    return yield* new BadUsage({
      message: "--cors must be one origin such as http://localhost:3000, without a path; * is not allowed"
    })
  }
  return {
    port: yield* integer("port", values.port, 65_535),
    host: values.host,
    cors: values.cors,
    generated: yield* integer("customers", customers, maxCustomers),
    seed: yield* integer("seed", values.seed, Number.MAX_SAFE_INTEGER),
    seedFile,
    file: yield* path("file", values.file),
    faultsFile: yield* path("faults", values.faults),
    apiKey: yield* key(values["api-key"]),
    recordBodies: values["record-bodies"],
    onProgress: showProgress(performance.now())
  }
})

const patienceMillis = 1000

/** Shows the progress of generating customers on a terminal, after the first second. */
const showProgress = (start: number) => (customers: number, total: number) =>
  Effect.sync(() => {
    if (!process.stderr.isTTY || performance.now() - start < patienceMillis) return
    process.stderr.write(customers < total ? `\r\u001b[Kgenerating customers: ${customers} of ${total}` : "\r\u001b[K")
  })

// A key that the user chose may be in use elsewhere too.
const shownKey = (chosen: Redacted.Redacted | undefined): string =>
  chosen === undefined ? `sk_live_${"0".repeat(32)}` : "(your --api-key)"

const announce = Effect.fnUntraced(function* ({ apiKey, host }: Emulator.Options) {
  const { count, url } = yield* Emulator.Emulator
  const customers = yield* count
  yield* Console.log(`Avara Express API emulator: ${customers} ${customers === 1 ? "customer" : "customers"} at ${url}
  page      ${url}
  API docs  ${url}/docs
  client    AVARA_BASE_URL=${url} AVARA_API_KEY=${shownKey(apiKey)}
Press Ctrl-C to stop.`)
  if (host !== undefined && listensEverywhere(host)) yield* Console.log("Other machines can connect to the emulator.")
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
  Effect.catchTags({
    BadUsage: failWith(2),
    ListenFailed: failWith(1),
    StorageFailed: failWith(1),
    InvalidInput: failWith(1)
  }),
  NodeRuntime.runMain
)
