import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Issue from "@effect-avara/core/Issue"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { invalidRequest } from "../ExpressApi.js"
import { maxCustomers } from "./schema.js"
import type { StoreService } from "./store.js"

const Count = (min: number, max: number) =>
  Schema.NumberFromString.pipe(Schema.int(), Schema.between(min, max)).annotations({
    description: `an integer from ${min} to ${max}`
  })

const Active = Schema.BooleanFromString.annotations({ description: '"true" or "false"' })

const Query = Schema.Struct({
  search: Schema.optionalWith(Schema.String, { default: () => "" }),
  active: Schema.optional(Active),
  offset: Schema.optionalWith(Count(0, maxCustomers), { default: () => 0 }),
  limit: Schema.optionalWith(Count(1, 100), { default: () => 20 })
})

/** Searches customers for the page. This is not a list of the API, so faults do not affect it and it is not recorded. */
export const search = (store: StoreService) =>
  HttpServerRequest.schemaSearchParams(Query, { errors: "all" }).pipe(
    Effect.flatMap(store.search),
    Effect.map((found) => HttpServerResponse.unsafeJson(found)),
    Effect.catchTag("ParseError", (error) =>
      HttpServerResponse.json(invalidRequest(Issue.fromParseError(error)), { status: 400 })
    )
  )
