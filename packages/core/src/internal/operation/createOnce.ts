import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { CreateError, CreateOnceError, OutcomeUnknown, StreamError } from "../../AvaraError.js"
import { CreateOnceParams, type CreateParams, type Customer } from "../../Customer.js"
import { forgetResponse } from "../observe/responses.js"
import { notSent } from "../request/issues.js"
import { aside } from "./aside.js"
import { decodeInput, strictly } from "./input.js"

const operation = "customers.createOnce"

const defaultKeyName = "createOnceKey"

const defaultSettle = "5 seconds"

const maxCreates = 3

const holds =
  (name: string, key: string) =>
  ({ metadata }: Customer): boolean =>
    metadata !== undefined && Object.hasOwn(metadata, name) && metadata[name] === key

const entryTaken = (name: string) =>
  notSent(operation, [{ path: ["metadata", name], message: "is reserved for the key: leave it out, or set keyName" }])

const decodeParams = strictly(CreateOnceParams)

interface Means {
  readonly create: (params: CreateParams) => Effect.Effect<Customer, CreateError>
  /** Streams all customers, decoded strictly: if metadata were read as absent, the key would be missed and created again. */
  readonly all: Stream.Stream<Customer, StreamError>
}

/** Creates a customer. If the response is lost, it looks for the customer before it creates again. @internal */
export const createOnce =
  ({ all, create }: Means) =>
  (params: CreateOnceParams): Effect.Effect<Customer, CreateOnceError> =>
    Effect.gen(function* () {
      const input = yield* decodeInput(operation, decodeParams, params)
      const { expressCustomerName, key, keyName = defaultKeyName, metadata, settle = defaultSettle } = input
      if (metadata !== undefined && Object.hasOwn(metadata, keyName)) return yield* entryTaken(keyName)

      const look = all.pipe(Stream.filter(holds(keyName, key)), Stream.runHead, aside)

      const createFrom = (number: number): Effect.Effect<Customer, CreateOnceError> =>
        Effect.catchTag(
          create({ expressCustomerName, metadata: { ...metadata, [keyName]: key } }),
          "OutcomeUnknown",
          (unknown) => Effect.zipRight(Effect.sleep(settle), orCreateAgain(number, unknown))
        )

      // If the search fails, the outcome is still unknown.
      const orCreateAgain = (number: number, unknown: OutcomeUnknown): Effect.Effect<Customer, CreateOnceError> =>
        Effect.matchEffect(look, {
          onFailure: () => Effect.fail(unknown),
          onSuccess: Option.match({
            onSome: (customer) => Effect.as(forgetResponse, customer),
            onNone: () => (number < maxCreates ? createFrom(number + 1) : Effect.fail(unknown))
          })
        })

      const found = input.lookFirst === true ? yield* look : Option.none()
      return yield* Option.match(found, { onSome: Effect.succeed, onNone: () => createFrom(1) })
    })
