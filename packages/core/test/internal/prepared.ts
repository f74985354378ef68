import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Tracer from "effect/Tracer"
import type { Validation } from "../../src/AvaraError.js"
import { decodeWith } from "../../src/internal/decode/decoder.js"
import type { Operation, Refusal, Replay } from "../../src/internal/request/operation.js"
import { makeTemplate } from "../../src/internal/request/path.js"
import { type Prepared, prepare } from "../../src/internal/request/request.js"
import { makeSettings } from "../../src/internal/settings/callOptions.js"
import type { CallOptions, Options } from "../../src/internal/settings/clientOptions.js"
import { type ResolvedOptions, resolve } from "../../src/internal/settings/options.js"
import { key } from "../support.js"

/** The value that the operation of these tests returns. */
const Value = Schema.Struct({
  id: Schema.String,
  metadata: Schema.optional(Schema.Record({ key: Schema.String, value: Schema.String })),
  list: Schema.optional(Schema.Array(Schema.Number))
})

export type AnyOperation = Operation<unknown, Refusal, Replay>

export const operationOf = (overrides: Partial<AnyOperation> = {}): AnyOperation => ({
  name: "things.retrieve",
  method: "GET",
  path: { template: makeTemplate("/v1/things/{id}"), params: { id: "a b" } },
  decode: decodeWith(Value),
  replay: "safe",
  refusals: ["NotFound"],
  ...overrides
})

export const clientOf = (options: Partial<Options> = {}): ResolvedOptions =>
  Either.getOrThrow(resolve({ apiKey: Redacted.make(key), baseUrl: "http://localhost:1/base/", ...options }))

/** A span that is never read. */
export const noSpan: Tracer.Span = Effect.runSync(Effect.withTracerEnabled(Effect.makeSpan("none"), false))

export const prepareWith = (
  overrides: Partial<AnyOperation> = {},
  options: Partial<Options> = {},
  call: CallOptions = {},
  span = noSpan
): Either.Either<Prepared<unknown>, Validation> => {
  const client = clientOf(options)
  return prepare(client, operationOf(overrides), makeSettings(client)(call), () => span)
}

export const prepared = (...args: Parameters<typeof prepareWith>): Prepared<unknown> =>
  Either.getOrThrow(prepareWith(...args))
