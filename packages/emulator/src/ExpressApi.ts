/**
 * The Avara Express API as an `HttpApi`: eight operations, their parameters, their responses and their errors.
 *
 * @since 0.1.0
 */

import * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as HttpApiMiddleware from "@effect/platform/HttpApiMiddleware"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as HttpApiSecurity from "@effect/platform/HttpApiSecurity"
import * as OpenApi from "@effect/platform/OpenApi"
import { CreateParams, CustomerId, PageLimit, UpdateParams, UserId } from "@effect-avara/core/Customer"
import * as Issue from "@effect-avara/core/Issue"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { Cursor } from "./internal/cursor.js"
import { withoutDecodeError } from "./internal/openapi.js"
import { Customer, CustomerPage, SuccessResponse } from "./internal/responses.js"

const errorBody = <const Codes extends readonly [string, ...Array<string>]>(
  identifier: string,
  status: number,
  description: string,
  codes: Codes
) =>
  Schema.Struct({
    error: Schema.Struct({ code: Schema.Literal(...codes), message: Schema.String })
  }).annotations(HttpApiSchema.annotations({ identifier, description, status }))

// A different name, because the platform also describes an "Issue".
const RequestIssue = Issue.Issue.annotations({ identifier: "RequestIssue" })

/**
 * 400: the request is not valid. `issues` lists everything that is wrong, without the values.
 *
 * @since 0.1.0
 * @category errors
 */
export const InvalidRequest = Schema.Struct({
  error: Schema.Struct({
    code: Schema.Literal("invalid_request"),
    message: Schema.String,
    issues: Schema.Array(RequestIssue)
  })
}).annotations(
  HttpApiSchema.annotations({ identifier: "InvalidRequest", description: "The request is not valid.", status: 400 })
)

/**
 * @since 0.1.0
 * @category errors
 */
export interface InvalidRequest extends Schema.Schema.Type<typeof InvalidRequest> {}

/**
 * 401: the API key is missing, blank or not accepted.
 *
 * @since 0.1.0
 * @category errors
 */
export const Unauthorized = errorBody("Unauthorized", 401, "The API key is missing or not valid.", ["unauthorized"])

/**
 * @since 0.1.0
 * @category errors
 */
export interface Unauthorized extends Schema.Schema.Type<typeof Unauthorized> {}

/**
 * 404: the customer or the route does not exist, or the user is not assigned to the customer.
 *
 * @since 0.1.0
 * @category errors
 */
export const NotFound = errorBody("NotFound", 404, "The customer does not exist, or the user is not assigned to it.", [
  "customer_not_found",
  "membership_not_found",
  "not_found"
])

/**
 * @since 0.1.0
 * @category errors
 */
export interface NotFound extends Schema.Schema.Type<typeof NotFound> {}

/**
 * 409: the customer is inactive, or the user is already assigned to it.
 *
 * @since 0.1.0
 * @category errors
 */
export const Conflict = errorBody("Conflict", 409, "The customer is inactive, or the user is already assigned to it.", [
  "customer_inactive",
  "already_assigned"
])

/**
 * @since 0.1.0
 * @category errors
 */
export interface Conflict extends Schema.Schema.Type<typeof Conflict> {}

/**
 * 500: the emulator itself failed.
 *
 * @since 0.1.0
 * @category errors
 */
export const InternalError = errorBody("InternalError", 500, "The emulator itself failed.", ["internal_error"])

/**
 * @since 0.1.0
 * @category errors
 */
export interface InternalError extends Schema.Schema.Type<typeof InternalError> {}

/**
 * Creates a 400 with these issues.
 *
 * @since 0.1.0
 * @category constructors
 */
export const invalidRequest = (issues: ReadonlyArray<Issue.Issue>): InvalidRequest => ({
  error: { code: "invalid_request", message: Issue.format(issues), issues }
})

// The platform's response to a ParseError would contain values. A declared error passes even as a defect.
const validated = <A, I, R>(schema: Schema.Schema<A, I, R>): Schema.Schema<A, I, R> =>
  schema.annotations({
    ...Option.match(AST.getIdentifierAnnotation(schema.ast), {
      onNone: () => ({}),
      onSome: (identifier) => ({ identifier })
    }),
    parseOptions: { errors: "all", onExcessProperty: "error" },
    decodingFallback: (issue) => Effect.die(invalidRequest(Issue.fromParseError(ParseResult.parseError(issue))))
  })

const Limit = Schema.transformOrFail(Schema.String, PageLimit, {
  strict: true,
  decode: (text, _, ast) =>
    /^\d{1,9}$/.test(text) ? ParseResult.succeed(Number(text)) : ParseResult.fail(new ParseResult.Type(ast, text)),
  encode: (limit) => ParseResult.succeed(String(limit))
}).annotations({
  description: "an integer from 1 to 100",
  jsonSchema: {
    type: "integer",
    minimum: 1,
    maximum: 100,
    default: 20,
    description: "The maximum number of customers on a page."
  }
})

const CustomerPath = validated(Schema.Struct({ expressCustomerId: CustomerId }))

const ListQuery = validated(
  Schema.Struct({
    cursor: Schema.optionalWith(Cursor, { default: () => 0 }),
    limit: Schema.optionalWith(Limit, { default: () => 20 })
  })
).annotations({ parseOptions: { errors: "all", onExcessProperty: "ignore" } })

/**
 * The parameters of adding and removing a user.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UserParams = Schema.Struct({ userId: UserId }).annotations({ identifier: "UserParams" })

/**
 * @since 0.1.0
 * @category schemas
 */
export interface UserParams extends Schema.Schema.Type<typeof UserParams> {}

/**
 * The API key of a request, as an id that does not reveal it.
 *
 * @since 0.1.0
 * @category security
 */
export class CurrentApiKey extends Context.Tag("@effect-avara/emulator/ExpressApi/CurrentApiKey")<
  CurrentApiKey,
  { readonly id: string }
>() {}

/**
 * Accepts only requests with an API key.
 *
 * @since 0.1.0
 * @category security
 */
export class Authentication extends HttpApiMiddleware.Tag<Authentication>()(
  "@effect-avara/emulator/ExpressApi/Authentication",
  {
    failure: Unauthorized,
    provides: CurrentApiKey,
    security: {
      bearer: HttpApiSecurity.bearer.pipe(
        HttpApiSecurity.annotate(
          OpenApi.Description,
          "An API key: any text, unless the emulator was started with a key."
        )
      )
    }
  }
) {}

/**
 * Accepts only requests whose headers declare a JSON body that is not too large.
 *
 * @since 0.1.0
 * @category security
 */
export class JsonBody extends HttpApiMiddleware.Tag<JsonBody>()("@effect-avara/emulator/ExpressApi/JsonBody", {
  failure: InvalidRequest
}) {}

const customers = HttpApiGroup.make("Customers")
  .add(
    HttpApiEndpoint.post("create", "/v1/express")
      .setPayload(validated(CreateParams))
      .addSuccess(Customer)
      .middleware(JsonBody)
      .annotate(OpenApi.Summary, "Create a customer")
      .annotate(
        OpenApi.Description,
        "Accepts a name of at least 1 character and, optionally, metadata. Returns the new customer, which is active."
      )
  )
  .add(
    HttpApiEndpoint.get("list", "/v1/express")
      .setUrlParams(ListQuery)
      .addSuccess(CustomerPage)
      .annotate(OpenApi.Summary, "List customers")
      .annotate(
        OpenApi.Description,
        "Returns a page of customers in the order of their creation. If `hasMore` is true, `cursor` requests the next page."
      )
  )
  .add(
    HttpApiEndpoint.get("retrieve", "/v1/express/:expressCustomerId")
      .setPath(CustomerPath)
      .addSuccess(Customer)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Retrieve a customer")
  )
  .add(
    HttpApiEndpoint.patch("update", "/v1/express/:expressCustomerId")
      .setPath(CustomerPath)
      .setPayload(validated(UpdateParams))
      .addSuccess(Customer)
      .addError(NotFound)
      .middleware(JsonBody)
      .annotate(OpenApi.Summary, "Update a customer")
      .annotate(
        OpenApi.Description,
        "A missing field is not changed. `metadata` replaces all metadata, and `metadata: null` clears it."
      )
  )
  .add(
    HttpApiEndpoint.post("deactivate", "/v1/express/:expressCustomerId/deactivate")
      .setPath(CustomerPath)
      .addSuccess(Customer)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Deactivate a customer")
      .annotate(
        OpenApi.Description,
        "Accepts no body. A deactivated customer accepts no new studies and no user assignments. Its data stays, and it can be reactivated."
      )
  )
  .add(
    HttpApiEndpoint.post("reactivate", "/v1/express/:expressCustomerId/reactivate")
      .setPath(CustomerPath)
      .addSuccess(Customer)
      .addError(NotFound)
      .annotate(OpenApi.Summary, "Reactivate a customer")
      .annotate(OpenApi.Description, "Accepts no body. The customer accepts studies and user assignments again.")
  )
  .middlewareEndpoints(Authentication)
  .annotate(
    OpenApi.Description,
    "Express customers, which can be created, read, changed, deactivated and reactivated, but not deleted."
  )

const customerUsers = HttpApiGroup.make("Customer users")
  .add(
    HttpApiEndpoint.post("add", "/v1/express/:expressCustomerId/users")
      .setPath(CustomerPath)
      .setPayload(validated(UserParams))
      .addSuccess(SuccessResponse)
      .addError(NotFound)
      .addError(Conflict)
      .middleware(JsonBody)
      .annotate(OpenApi.Summary, "Add a user to a customer")
      .annotate(OpenApi.Description, "Refused if the customer is inactive or the user is already assigned.")
  )
  .add(
    HttpApiEndpoint.del("remove", "/v1/express/:expressCustomerId/users")
      .setPath(CustomerPath)
      .setPayload(validated(UserParams))
      .addSuccess(SuccessResponse)
      .addError(NotFound)
      .middleware(JsonBody)
      .annotate(OpenApi.Summary, "Remove a user from a customer")
      .annotate(OpenApi.Description, "Needs a JSON body, like adding a user.")
  )
  .middlewareEndpoints(Authentication)
  .annotate(OpenApi.Description, "The users assigned to a customer.")

/**
 * The Avara Express API.
 *
 * @since 0.1.0
 * @category api
 */
export const ExpressApi = HttpApi.make("Express")
  .add(customers)
  .add(customerUsers)
  .addError(InvalidRequest)
  .addError(InternalError)
  .annotate(OpenApi.Title, "Avara Express API (emulator)")
  .annotate(OpenApi.Version, "1")
  .annotate(
    OpenApi.Description,
    "A local emulator of the Avara Express API. Every response has `x-request-id`. The form of the error bodies is specific to the emulator."
  )
  .annotate(OpenApi.Transform, withoutDecodeError)
