/**
 * The emulator as a layer: on a socket, or in-process as an `HttpClient`, with faults on demand.
 *
 * @since 0.1.0
 */

import "./internal/requireNode.js"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpApp from "@effect/platform/HttpApp"
import * as HttpClient from "@effect/platform/HttpClient"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type { Customer } from "@effect-avara/core/Customer"
import * as Issue from "@effect-avara/core/Issue"
import * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { Fault, SetFault } from "./Fault.js"
import * as App from "./internal/app.js"
import { makeScript, type Script } from "./internal/faults.js"
import * as Guard from "./internal/guard.js"
import * as Inputs from "./internal/inputs.js"
import type { Parts } from "./internal/parts.js"
import { makeRecorder, type RecordedRequest } from "./internal/requests.js"
import { maxCustomers } from "./internal/schema.js"
import * as Server from "./internal/server.js"
import * as Store from "./internal/store.js"
import * as Transport from "./internal/transport.js"
import type { GivenCustomer, State } from "./State.js"

export type { RecordedRequest } from "./internal/requests.js"

/**
 * The file cannot store the emulator's customers.
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
    return `${this.file} cannot store the emulator's customers: ${this.reason}`
  }
}

/**
 * The emulator cannot listen: the port is in use or not allowed, or the host is not an address of this machine.
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
  busy: "is in use by another program",
  forbidden: "is not allowed for this user",
  unavailable: "cannot be used; choose an address of this machine"
}

/**
 * Faults or a state are invalid. Each issue names the place and what is allowed there, without the value.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidInput extends Schema.TaggedError<InvalidInput>("@effect-avara/emulator/InvalidInput")(
  "InvalidInput",
  {
    /** `faults`, `state`, or the path of a file. */
    input: Schema.String,
    issues: Schema.Array(Issue.Issue)
  }
) {
  /**
   * @since 0.1.0
   */
  override get message(): string {
    return `${this.input}: ${Issue.format(this.issues)}`
  }
}

/**
 * The options of an emulator without a socket: its customers, its API key and its initial faults.
 *
 * @since 0.1.0
 * @category models
 */
export interface StoreOptions {
  /** How many customers to generate, up to 10 million, or the customers themselves; 0 by default. */
  readonly customers?: number | ReadonlyArray<GivenCustomer> | undefined
  /** How many customers to generate and add after those of `customers` or `seedFile`; 0 by default. */
  readonly generated?: number | undefined
  /** The seed of the generated customers; 1 by default. */
  readonly seed?: number | undefined
  /** A JSON file with the initial state, in the form that `state` returns. */
  readonly seedFile?: string | undefined
  /** A file that keeps the customers between runs; by default, they are only in memory. A file with customers is not seeded again. */
  readonly file?: string | undefined
  /** The only accepted API key; by default, every key that is not blank. */
  readonly apiKey?: Redacted.Redacted | undefined
  /** The initial faults; none by default. */
  readonly faults?: ReadonlyArray<Fault> | undefined
  /** A JSON file with the initial faults. */
  readonly faultsFile?: string | undefined
  /** Whether recorded requests include their bodies; `false` by default. */
  readonly recordBodies?: boolean | undefined
  /** Runs each time a part of the customers is generated. */
  readonly onProgress?: ((customers: number, total: number) => Effect.Effect<void>) | undefined
}

/**
 * The options of an emulator on a socket.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends StoreOptions {
  /** The port to listen on; a free one by default. */
  readonly port?: number | undefined
  /** The address to listen on; `127.0.0.1` by default, which other machines cannot reach. Requests are refused if their `Host` names neither this address nor this machine. */
  readonly host?: string | undefined
  /** The origin whose pages may call the emulator from a browser, such as `http://localhost:3000`; none by default. */
  readonly cors?: string | undefined
}

/**
 * A running emulator.
 *
 * @since 0.1.0
 * @category models
 */
export interface EmulatorService {
  /** The base URL for a client, without a trailing slash. */
  readonly url: string
  /** An API key that the emulator accepts. */
  readonly apiKey: Redacted.Redacted
  /** Returns all current customers, in the order of the list. */
  readonly customers: Effect.Effect<ReadonlyArray<Customer>>
  /** Returns the number of customers. */
  readonly count: Effect.Effect<number>
  /** Replaces all customers, including those of earlier runs in `file`, with the given and the generated customers. */
  readonly reset: Effect.Effect<void>
  /** Returns the last 1,000 requests, newest last. */
  readonly requests: Effect.Effect<ReadonlyArray<RecordedRequest>>
  /** Emits each new request. */
  readonly requestStream: Stream.Stream<RecordedRequest>
  /** Clears the recorded requests. */
  readonly clearRequests: Effect.Effect<void>
  /** Returns all customers with their users, as JSON that `load` and a seed file accept. */
  readonly state: Effect.Effect<State>
  /** Replaces all customers with those of the state. */
  readonly load: (state: State) => Effect.Effect<void, InvalidInput>
}

/**
 * A running emulator.
 *
 * @since 0.1.0
 * @category tags
 */
export class Emulator extends Context.Tag("@effect-avara/emulator/Emulator")<Emulator, EmulatorService>() {}

/**
 * The faults of a running emulator, which a test can change at any time.
 *
 * @since 0.1.0
 * @category models
 */
export interface FaultsService {
  /** Replaces all faults. */
  readonly set: (...faults: ReadonlyArray<Fault>) => Effect.Effect<void, InvalidInput>
  /** Adds faults after the existing ones. */
  readonly add: (...faults: ReadonlyArray<Fault>) => Effect.Effect<void, InvalidInput>
  /** Removes all faults. */
  readonly clear: Effect.Effect<void>
  /** Returns the faults that are set, and how many requests each one has affected. */
  readonly list: Effect.Effect<ReadonlyArray<SetFault>>
}

/**
 * The faults of a running emulator, which a test can change at any time.
 *
 * @example
 * ```ts
 * import { Emulator } from "@effect-avara/emulator"
 * import * as Effect from "effect/Effect"
 *
 * const program = Effect.gen(function*() {
 *   const faults = yield* Emulator.Faults
 *   yield* faults.set({ type: "loseResponse", operation: "customers.create", nth: 1 })
 *   // now the response of the next create is lost
 *   yield* faults.clear
 * })
 *
 * const runnable = Effect.provide(program, Emulator.layerHttpClient())
 * ```
 *
 * @since 0.1.0
 * @category tags
 */
export class Faults extends Context.Tag("@effect-avara/emulator/Faults")<Faults, FaultsService>() {}

const isInteger = (value: unknown, max: number) =>
  value === undefined || (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= max)

const isText = (value: unknown) => value === undefined || (typeof value === "string" && value !== "")

const isBlank = (text: unknown) => typeof text !== "string" || text.trim() === ""

const isKey = (value: unknown) => value === undefined || (Redacted.isRedacted(value) && !isBlank(Redacted.value(value)))

const isFlag = (value: unknown) => value === undefined || typeof value === "boolean"

const invalid = (name: keyof Options, expected: string) => Effect.fail(ConfigError.InvalidData([name], expected))

const integer = `expected an integer from 0 to ${maxCustomers}`

/** Checks the options, because plain JavaScript may pass any value. */
const check = (options: Options): Effect.Effect<void, ConfigError.ConfigError> => {
  const { apiKey, cors, customers, generated, recordBodies, seed, seedFile } = options
  const isGiven = Array.isArray(customers)
  if (!isGiven && !isInteger(customers, maxCustomers))
    return invalid("customers", `${integer}, or an array of customers`)
  if (!isInteger(generated, maxCustomers)) return invalid("generated", integer)
  if (generated !== undefined && !isGiven && customers !== undefined)
    return invalid("generated", "expected no value, because customers is already the number to generate")
  if (isGiven && seedFile !== undefined)
    return invalid("customers", "expected a number, because seedFile provides the customers")
  if (!isInteger(seed, Number.MAX_SAFE_INTEGER)) return invalid("seed", "expected an integer of 0 or more")
  if (!isInteger(options.port, 65_535)) return invalid("port", "expected an integer from 0 to 65535")
  if (!isText(options.host)) return invalid("host", "expected an address, not empty text")
  if (cors !== undefined && !Guard.isOrigin(cors)) {
    return invalid("cors", "expected one origin, such as http://localhost:3000, without a path; * is not allowed")
  }
  for (const name of ["file", "seedFile", "faultsFile"] as const)
    if (!isText(options[name])) return invalid(name, "expected a path, not empty text")
  if (!isFlag(recordBodies)) return invalid("recordBodies", "expected true or false")
  return isKey(apiKey) ? Effect.void : invalid("apiKey", 'expected text in a Redacted, such as Redacted.make("...")')
}

/** Turns issues of an option into a `ConfigError` with its path in the options. */
const asConfigError =
  (name: keyof Options) =>
  ({ issues }: Inputs.Refused): ConfigError.ConfigError =>
    ConfigError.InvalidData([name], Issue.format(issues))

const asInvalidInput =
  (input: string) =>
  ({ issues }: Inputs.Refused): InvalidInput =>
    new InvalidInput({ input, issues })

const readFile = <A>(file: string, decode: (input: unknown) => Effect.Effect<A, Inputs.Refused>) =>
  Effect.mapError(Effect.flatMap(Inputs.readJson(file), decode), asInvalidInput(file))

const givenCustomers = ({ customers, seedFile }: StoreOptions) => {
  if (seedFile !== undefined) return Effect.map(readFile(seedFile, Inputs.decodeState), (state) => state.customers)
  return typeof customers === "number"
    ? Effect.succeed([])
    : Effect.mapError(Inputs.decodeCustomers(customers ?? []), asConfigError("customers"))
}

const startingFaults = Effect.fnUntraced(function* ({ faults, faultsFile }: StoreOptions) {
  const given = yield* Effect.mapError(Inputs.decodeFaults(faults ?? []), asConfigError("faults"))
  return faultsFile === undefined ? given : [...given, ...(yield* readFile(faultsFile, Inputs.decodeFaults))]
})

const makeStore = Effect.fnUntraced(function* (options: StoreOptions) {
  const { customers, file, generated = 0, onProgress = () => Effect.void, seed = 1 } = options
  const given = yield* givenCustomers(options)
  return yield* Store.make({
    given,
    generated: typeof customers === "number" ? customers : generated,
    file,
    seed,
    onProgress
  }).pipe(Effect.mapError(({ reason }) => new StorageFailed({ file: file ?? "memory", reason })))
})

const makeParts = Effect.fnUntraced(function* (options: StoreOptions, transport: Transport.Transport) {
  yield* check(options)
  const script = makeScript()
  yield* script.set(yield* startingFaults(options))
  const store = yield* makeStore(options)
  const { apiKey, recordBodies = false } = options
  return { store, script, recorder: yield* makeRecorder, transport, apiKey, recordBodies }
})

const anyKey = Redacted.make(`sk_live_${"0".repeat(32)}`)

const makeFaults = (script: Script): FaultsService => {
  const decoded = (faults: ReadonlyArray<Fault>) =>
    Effect.mapError(Inputs.decodeFaults(faults), asInvalidInput("faults"))
  return {
    set: (...faults) => Effect.asVoid(Effect.flatMap(decoded(faults), script.set)),
    add: (...faults) => Effect.asVoid(Effect.flatMap(decoded(faults), script.add)),
    clear: script.clear,
    list: script.list
  }
}

const makeServices = (url: string, { apiKey = anyKey, recorder, script, store }: Parts) =>
  Context.make(Faults, makeFaults(script)).pipe(
    Context.add(Emulator, {
      url,
      apiKey,
      customers: store.all,
      count: store.count,
      reset: store.reset,
      requests: recorder.all,
      requestStream: recorder.stream,
      clearRequests: recorder.clear,
      state: store.state,
      load: (state) => Effect.flatMap(Effect.mapError(Inputs.decodeState(state), asInvalidInput("state")), store.load)
    })
  )

const reasonsByCode: Readonly<Record<string, ListenFailed["reason"]>> = { EADDRINUSE: "busy", EACCES: "forbidden" }

const makeOnSocket = (options: Options) =>
  Effect.gen(function* () {
    const parts = yield* makeParts(options, Transport.socket)
    const { cors, host = "127.0.0.1", port = 0 } = options
    const app = Guard.guard({ cors, host })(yield* App.make(parts))
    const handler = yield* NodeHttpServer.makeHandler(app)
    const url = yield* Effect.mapError(
      Server.serve(handler, { host, port }),
      ({ code = "" }) => new ListenFailed({ host, port, reason: reasonsByCode[code] ?? "unavailable" })
    )
    return makeServices(url, parts)
  }).pipe(App.withoutTelemetry)

/**
 * Runs the emulator on a socket of this machine, for the duration of the layer's scope.
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
): Layer.Layer<Emulator | Faults, StorageFailed | ListenFailed | InvalidInput | ConfigError.ConfigError> =>
  Layer.scopedContext(makeOnSocket(options))

const inProcessUrl = "https://emulator.invalid"

const makeInProcess = (options: StoreOptions) =>
  Effect.gen(function* () {
    const { failing, transport } = Transport.makeInProcess()
    const parts = yield* makeParts(options, transport)
    const handler = failing(HttpApp.toWebHandlerRuntime(yield* Effect.runtime())(yield* App.make(parts)))
    const fetch: typeof globalThis.fetch = (input, init) => handler(new Request(input, init))
    const client = yield* HttpClient.HttpClient
    return makeServices(inProcessUrl, parts).pipe(
      Context.add(
        HttpClient.HttpClient,
        HttpClient.transform(client, (effect) => Effect.provideService(effect, FetchHttpClient.Fetch, fetch))
      )
    )
  }).pipe(App.withoutTelemetry, Effect.provide(FetchHttpClient.layer))

/**
 * Runs the emulator in this process, as an `HttpClient` that opens no socket. It responds to every host: only the path of a URL matters.
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
): Layer.Layer<Emulator | Faults | HttpClient.HttpClient, StorageFailed | InvalidInput | ConfigError.ConfigError> =>
  Layer.scopedContext(makeInProcess(options))
