import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpRouter from "@effect/platform/HttpRouter"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Issue from "@effect-avara/core/Issue"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { invalidRequest } from "../ExpressApi.js"
import { Store } from "./store.js"

const Count = (min: number, max: number) =>
  Schema.NumberFromString.pipe(Schema.int(), Schema.between(min, max)).annotations({
    description: `an integer from ${min} to ${max}`
  })

const Query = Schema.Struct({
  search: Schema.optionalWith(Schema.String, { default: () => "" }),
  active: Schema.optional(Schema.BooleanFromString),
  offset: Schema.optionalWith(Count(0, 10_000_000), { default: () => 0 }),
  limit: Schema.optionalWith(Count(1, 100), { default: () => 20 })
})

const search = Effect.gen(function* () {
  const store = yield* Store
  const query = yield* HttpServerRequest.schemaSearchParams(Query, { errors: "all" })
  return HttpServerResponse.unsafeJson(yield* store.search(query))
}).pipe(
  Effect.catchTag("ParseError", (error) =>
    HttpServerResponse.json(invalidRequest(Issue.fromParseError(error)), { status: 400 })
  )
)

const detail = Effect.gen(function* () {
  const store = yield* Store
  const { id = "" } = yield* HttpRouter.params
  return yield* Effect.match(store.detail(id), {
    onFailure: (error) => HttpServerResponse.unsafeJson(error, { status: 404 }),
    onSuccess: (found) => HttpServerResponse.unsafeJson(found)
  })
})

/** What the page shows of the customers: no client's call, so that neither faults nor the list of requests see it. */
export const layer = HttpApiBuilder.Router.use((router) =>
  Effect.gen(function* () {
    const store = yield* Store
    const provided = Effect.provideService(Store, store)
    yield* router.get("/__emulator/customers", provided(search))
    yield* router.get("/__emulator/customers/:id", provided(detail))
  })
)
