/**
 * The emulator as a layer: on a socket, or in-process as an `HttpClient`.
 *
 * @since 0.1.0
 */

import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpApp from "@effect/platform/HttpApp"
import * as HttpClient from "@effect/platform/HttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type { Customer } from "@effect-avara/core/Customer"
import * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as App from "./internal/app.js"
import * as Guard from "./internal/guard.js"
import * as Server from "./internal/server.js"
import * as Store from "./internal/store.js"

/**
 * The file for the customers cannot be used.
 *
 * @since 0.1.0
 * @category errors
 */
export class StorageFailed extends Schema.TaggedError<StorageFailed>("@effect-avara/emulator/StorageFailed")(
  "StorageFailed",
  { file: Schema.String, reason: Schema.String }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    return `${this.file} cannot hold the emulator's customers: ${this.reason}`
  }
}

/**
 * The emulator cannot listen: the port is taken or not allowed, or the host is not an address of this machine.
 *
 * @since 0.1.0
 * @category errors
 */
export class ListenFailed extends Schema.TaggedError<ListenFailed>("@effect-avara/emulator/ListenFailed")(
  "ListenFailed",
  {
    host: Schema.String,
    port: Schema.Number,
    reason: Schema.Literal("busy", "forbidden", "unavailable")
  }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    return `port ${this.port} of ${this.host} ${listenReasons[this.reason]}`
  }
}

const listenReasons = {
  busy: "is taken by another program",
  forbidden: "is not allowed for this user",
  unavailable: "is not one to listen on"
}

/**
 * What the emulator holds, and who may ask it.
 *
 * @since 0.1.0
 * @category models
 */
export interface StoreOptions {
  /** How many customers to generate while there are none, to 10 million; 0 by default. */
  readonly customers?: number | undefined
  /** What the generated customers come from; 1 by default. */
  readonly seed?: number | undefined
  /** A file that keeps the customers from one run to the next; in memory by default. */
  readonly file?: string | undefined
  /** The only accepted API key; by default every key of the documented format, `sk_live_` and 32 hex digits. */
  readonly apiKey?: Redacted.Redacted | undefined
}

/**
 * What the emulator holds, and where it listens.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends StoreOptions {
  /** The port to listen on; by default a free one. */
  readonly port?: number | undefined
  /** The address to listen on; by default `127.0.0.1`, which other machines do not reach. A request whose `Host` names neither this address nor this machine is refused. */
  readonly host?: string | undefined
  /** The origin whose pages may call the emulator from a browser, such as `http://localhost:3000`; by default none. */
  readonly cors?: string | undefined
}

/**
 * A running emulator.
 *
 * @since 0.1.0
 * @category models
 */
export interface EmulatorService {
  /** The base URL for a client, without a slash at the end. */
  readonly url: string
  /** An API key that it accepts. */
  readonly apiKey: Redacted.Redacted
  /** All customers as they are now, in the order of the list. */
  readonly customers: Effect.Effect<ReadonlyArray<Customer>>
  /** How many customers there are. */
  readonly count: Effect.Effect<number>
  /** Back to the generated customers alone. */
  readonly reset: Effect.Effect<void>
}

/**
 * A running emulator.
 *
 * @since 0.1.0
 * @category tags
 */
export class Emulator extends Context.Tag("@effect-avara/emulator/Emulator")<Emulator, EmulatorService>() {}

const isInteger = (value: unknown, max: number) =>
  value === undefined || (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= max)

const isText = (value: unknown) => value === undefined || (typeof value === "string" && value !== "")

const isKey = (value: unknown) => value === undefined || Redacted.isRedacted(value)

const maxCustomers = 10_000_000

const invalid = (name: keyof Options, expected: string) => Effect.fail(ConfigError.InvalidData([name], expected))

/** Values may come from plain JavaScript. */
const check = ({
  apiKey,
  cors,
  customers,
  file,
  host,
  port,
  seed
}: Options): Effect.Effect<void, ConfigError.ConfigError> => {
  if (!isInteger(customers, maxCustomers)) return invalid("customers", `expected an integer from 0 to ${maxCustomers}`)
  if (!isInteger(seed, Number.MAX_SAFE_INTEGER)) return invalid("seed", "expected an integer of 0 or more")
  if (!isInteger(port, 65_535)) return invalid("port", "expected an integer from 0 to 65535")
  if (!isText(host)) return invalid("host", "expected an address, not empty text")
  if (cors !== undefined && !Guard.isOrigin(cors)) {
    return invalid("cors", "expected one origin, such as http://localhost:3000, without a path; * is not allowed")
  }
  if (!isText(file)) return invalid("file", "expected a path, not empty text")
  return isKey(apiKey) ? Effect.void : invalid("apiKey", 'expected text in a Redacted, such as Redacted.make("...")')
}

const makeStore = ({ customers = 0, file, seed = 1 }: StoreOptions) =>
  Store.make({ customers, file, seed }).pipe(
    Effect.mapError(({ reason }) => new StorageFailed({ file: file ?? "memory", reason }))
  )

const anyKey = Redacted.make(`sk_live_${"0".repeat(32)}`)

const makeService = (
  url: string,
  apiKey: Redacted.Redacted = anyKey,
  { all, count, reset }: Store.StoreService
): EmulatorService => ({
  url,
  apiKey,
  customers: all,
  count,
  reset
})

const reasonsByCode: Readonly<Record<string, ListenFailed["reason"]>> = { EADDRINUSE: "busy", EACCES: "forbidden" }

const makeOnSocket = (options: Options) =>
  Effect.gen(function* () {
    yield* check(options)
    const { cors, host = "127.0.0.1", port = 0 } = options
    const store = yield* makeStore(options)
    const app = yield* App.make(store, options.apiKey, Guard.guard({ cors, host }))
    const handler = yield* NodeHttpServer.makeHandler(app)
    const url = yield* Effect.mapError(
      Server.serve(handler, { host, port }),
      ({ code = "" }) => new ListenFailed({ host, port, reason: reasonsByCode[code] ?? "unavailable" })
    )
    return makeService(url, options.apiKey, store)
  }).pipe(App.withoutTelemetry)

/**
 * The emulator on a socket of this machine, as long as the layer's scope.
 *
 * @example
 * ```ts
 * import { Emulator } from "@effect-avara/emulator"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function*() {
 *   const emulator = yield* Emulator.Emulator
 *   const response = yield* Effect.promise(() => fetch(`${emulator.url}/openapi.json`))
 *   return response.status
 * })
 *
 * const runnable = Effect.provide(program, Emulator.layer({ customers: 100 }))
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: Options = {}
): Layer.Layer<Emulator, StorageFailed | ListenFailed | ConfigError.ConfigError> =>
  Layer.scoped(Emulator, makeOnSocket(options))

const inProcessUrl = "https://emulator.invalid"

const makeInProcess = (options: StoreOptions) =>
  Effect.gen(function* () {
    yield* check(options)
    const store = yield* makeStore(options)
    const app = yield* App.make(store, options.apiKey)
    const handler = HttpApp.toWebHandlerRuntime(yield* Effect.runtime())(app)
    const fetch: typeof globalThis.fetch = (input, init) => handler(new Request(input, init))
    const client = yield* HttpClient.HttpClient
    return Context.make(Emulator, makeService(inProcessUrl, options.apiKey, store)).pipe(
      Context.add(
        HttpClient.HttpClient,
        HttpClient.transform(client, (effect) => Effect.provideService(effect, FetchHttpClient.Fetch, fetch))
      )
    )
  }).pipe(App.withoutTelemetry, Effect.provide(FetchHttpClient.layer))

/**
 * The emulator in this process, as an `HttpClient` that opens no socket. It answers every host: only the path of a URL counts.
 *
 * @example
 * ```ts
 * import { Emulator } from "@effect-avara/emulator"
 * import * as HttpClient from "@effect/platform/HttpClient"
 * import * as Effect from "effect/Effect"
 *
 * const program = HttpClient.get("https://api.avarasoftware.com/openapi.json").pipe(
 *   Effect.flatMap((response) => response.json)
 * )
 *
 * const runnable = Effect.provide(program, Emulator.layerHttpClient())
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerHttpClient = (
  options: StoreOptions = {}
): Layer.Layer<Emulator | HttpClient.HttpClient, StorageFailed | ConfigError.ConfigError> =>
  Layer.scopedContext(makeInProcess(options))
