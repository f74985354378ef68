import type * as HttpClient from "@effect/platform/HttpClient"
import {
  Avara,
  AvaraClient,
  type BrokenPagination,
  type Conflict,
  type Customer,
  type CustomerPage,
  Customers,
  type CustomersService,
  CustomerUsers,
  type CustomerUsersService,
  type Forbidden,
  type Inactive,
  type InvalidResponse,
  type Metadata,
  NotFound,
  type RateLimited,
  type RateLimiter,
  type SuccessResponse,
  Unauthorized,
  type Validation
} from "@effect-avara/core"
import { NodeAvara } from "@effect-avara/node"
import type * as ConfigError from "effect/ConfigError"
import type * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { describe, expectTypeOf, it } from "vitest"

type Call =
  | "Validation"
  | "Unauthorized"
  | "Forbidden"
  | "RateLimited"
  | "ServerError"
  | "ConnectionFailed"
  | "TimedOut"
  | "UnexpectedStatus"

type Tags<E> = E extends { readonly _tag: infer Tag } ? Tag : never

type ErrorTags<F extends (...args: never) => Effect.Effect<unknown, unknown, unknown>> = Tags<
  Effect.Effect.Error<ReturnType<F>>
>

type Success<F extends (...args: never) => Effect.Effect<unknown, unknown, unknown>> = Effect.Effect.Success<
  ReturnType<F>
>

type Services<F extends (...args: never) => Effect.Effect<unknown, unknown, unknown>> = Effect.Effect.Context<
  ReturnType<F>
>

type StreamOf<F extends (...args: never) => Stream.Stream<unknown, unknown, unknown>> = ReturnType<F>

declare const customers: CustomersService
declare const users: CustomerUsersService

describe("the errors of", () => {
  it("create", () => {
    expectTypeOf<ErrorTags<CustomersService["create"]>>().toEqualTypeOf<Call | "Conflict" | "OutcomeUnknown">()
  })
  it("list", () => {
    expectTypeOf<ErrorTags<CustomersService["list"]>>().toEqualTypeOf<Call | "InvalidResponse">()
  })
  it("pages and stream", () => {
    type Broken = Call | "InvalidResponse" | "BrokenPagination"
    expectTypeOf<Tags<Stream.Stream.Error<StreamOf<CustomersService["pages"]>>>>().toEqualTypeOf<Broken>()
    expectTypeOf<Tags<Stream.Stream.Error<StreamOf<CustomersService["stream"]>>>>().toEqualTypeOf<Broken>()
  })
  it("retrieve", () => {
    expectTypeOf<ErrorTags<CustomersService["retrieve"]>>().toEqualTypeOf<Call | "InvalidResponse" | "NotFound">()
  })
  it("retrieveActive", () => {
    expectTypeOf<ErrorTags<CustomersService["retrieveActive"]>>().toEqualTypeOf<
      Call | "InvalidResponse" | "NotFound" | "Inactive"
    >()
  })
  it("update and deactivate", () => {
    type Expected = Call | "InvalidResponse" | "NotFound" | "Conflict" | "Inactive"
    expectTypeOf<ErrorTags<CustomersService["update"]>>().toEqualTypeOf<Expected>()
    expectTypeOf<ErrorTags<CustomersService["deactivate"]>>().toEqualTypeOf<Expected>()
  })
  it("reactivate", () => {
    expectTypeOf<ErrorTags<CustomersService["reactivate"]>>().toEqualTypeOf<
      Call | "InvalidResponse" | "NotFound" | "Conflict"
    >()
  })
  it("users.add and users.remove", () => {
    type Expected = Call | "InvalidResponse" | "NotFound" | "Conflict" | "Inactive"
    expectTypeOf<ErrorTags<CustomerUsersService["add"]>>().toEqualTypeOf<Expected>()
    expectTypeOf<ErrorTags<CustomerUsersService["remove"]>>().toEqualTypeOf<Expected>()
  })
  it("request", () => {
    expectTypeOf<ErrorTags<typeof AvaraClient.request>>().toEqualTypeOf<
      Call | "InvalidResponse" | "NotFound" | "Conflict" | "OutcomeUnknown"
    >()
  })
})

describe("the values of", () => {
  it("operations on one customer", () => {
    expectTypeOf<Success<CustomersService["create"]>>().toEqualTypeOf<Customer>()
    expectTypeOf<Success<CustomersService["retrieve"]>>().toEqualTypeOf<Customer>()
    expectTypeOf<Success<CustomersService["retrieveActive"]>>().toEqualTypeOf<Customer>()
    expectTypeOf<Success<CustomersService["update"]>>().toEqualTypeOf<Customer>()
    expectTypeOf<Success<CustomersService["deactivate"]>>().toEqualTypeOf<Customer>()
    expectTypeOf<Success<CustomersService["reactivate"]>>().toEqualTypeOf<Customer>()
  })
  it("a customer are the same in both modes of validation", () => {
    expectTypeOf<Customer["createdAt"]>().toEqualTypeOf<DateTime.Utc | null>()
    expectTypeOf<Customer["userCount"]>().toEqualTypeOf<number>()
    expectTypeOf<Customer["createdByUserId"]>().toEqualTypeOf<string | null | undefined>()
    expectTypeOf<Customer["createdByApiKeyId"]>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Customer["metadata"]>().toEqualTypeOf<Metadata | undefined>()
    expectTypeOf<CustomerPage["cursor"]>().toEqualTypeOf<string | undefined>()
    expectTypeOf<SuccessResponse["message"]>().toEqualTypeOf<string | undefined>()
  })
  it("lists", () => {
    expectTypeOf<Success<CustomersService["list"]>>().toEqualTypeOf<CustomerPage>()
    expectTypeOf<Stream.Stream.Success<StreamOf<CustomersService["stream"]>>>().toEqualTypeOf<Customer>()
    expectTypeOf<Stream.Stream.Success<StreamOf<CustomersService["pages"]>>>().toMatchTypeOf<CustomerPage>()
  })
  it("users", () => {
    expectTypeOf<Success<CustomerUsersService["add"]>>().toEqualTypeOf<SuccessResponse>()
    expectTypeOf<Success<CustomerUsersService["remove"]>>().toEqualTypeOf<SuccessResponse>()
  })
  it("request follow its schema", () => {
    const call = AvaraClient.request({ method: "GET", path: "/v1/x", response: Schema.NumberFromString })
    expectTypeOf<Effect.Effect.Success<typeof call>>().toEqualTypeOf<number>()
    expectTypeOf<Effect.Effect.Context<typeof call>>().toEqualTypeOf<AvaraClient.AvaraClient>()
    const nothing = AvaraClient.request({
      method: "DELETE",
      path: "/v1/x",
      query: { a: ["1", "2"], b: undefined },
      response: Schema.Void
    })
    expectTypeOf<Effect.Effect.Success<typeof nothing>>().toEqualTypeOf<void>()
  })
  it("withResponse hold the value and, if there was one, the response", () => {
    const call = AvaraClient.withResponse(customers.list())
    expectTypeOf<Effect.Effect.Success<typeof call>>().toEqualTypeOf<{
      readonly value: CustomerPage
      readonly response: Option.Option<AvaraClient.ResponseInfo>
    }>()
    expectTypeOf<Effect.Effect.Error<typeof call>>().toEqualTypeOf<
      Effect.Effect.Error<ReturnType<CustomersService["list"]>>
    >()
    expectTypeOf<AvaraClient.ResponseInfo["json"]>().toBeUnknown()
  })
})

describe("the status of", () => {
  it("an error that only one status means is that status", () => {
    expectTypeOf<Unauthorized["status"]>().toEqualTypeOf<401>()
    expectTypeOf<Forbidden["status"]>().toEqualTypeOf<403>()
    expectTypeOf<NotFound["status"]>().toEqualTypeOf<404>()
    expectTypeOf<RateLimited["status"]>().toEqualTypeOf<429>()
  })
  it("an error that may have another origin is optional", () => {
    expectTypeOf<Validation["status"]>().toEqualTypeOf<number | undefined>()
    expectTypeOf<Inactive["status"]>().toEqualTypeOf<number | undefined>()
    expectTypeOf<Conflict["status"]>().toEqualTypeOf<409 | undefined>()
    expectTypeOf<BrokenPagination["status"]>().toEqualTypeOf<number | undefined>()
  })
  it("is optional where only one is possible", () => {
    expectTypeOf(new NotFound({ operation: "x", resource: "customer", id: "cus_1" })).toEqualTypeOf<NotFound>()
    // @ts-expect-error 403 is Forbidden
    void new Unauthorized({ operation: "x", status: 403 })
  })
  it("an invalid response has a reason", () => {
    expectTypeOf<InvalidResponse["reason"]>().toEqualTypeOf<"notJson" | "shape" | "tooLarge" | "encoding">()
  })
})

describe("no method", () => {
  it("needs a service", () => {
    expectTypeOf<
      | Services<CustomersService["create"]>
      | Services<CustomersService["list"]>
      | Services<CustomersService["retrieve"]>
      | Services<CustomersService["retrieveActive"]>
      | Services<CustomersService["update"]>
      | Services<CustomersService["deactivate"]>
      | Services<CustomersService["reactivate"]>
      | Services<CustomerUsersService["add"]>
      | Services<CustomerUsersService["remove"]>
      | Stream.Stream.Context<StreamOf<CustomersService["pages"]>>
      | Stream.Stream.Context<StreamOf<CustomersService["stream"]>>
    >().toBeNever()
  })
})

describe("catching by tag", () => {
  it("handles the error of that tag, and removes it from the type", () => {
    const recovered = users.add("cus_1", "usr_1").pipe(
      Effect.catchTag("Inactive", (error) => {
        expectTypeOf(error).toEqualTypeOf<Inactive>()
        return Effect.succeed(error.id)
      })
    )
    expectTypeOf<Tags<Effect.Effect.Error<typeof recovered>>>().toEqualTypeOf<
      Call | "InvalidResponse" | "NotFound" | "Conflict"
    >()
    expectTypeOf<Effect.Effect.Success<typeof recovered>>().toEqualTypeOf<SuccessResponse | string>()
  })
  it("refuses a tag that the operation cannot fail with", () => {
    // @ts-expect-error retrieve cannot fail with Inactive
    void customers.retrieve("cus_1").pipe(Effect.catchTag("Inactive", () => Effect.void))
    // @ts-expect-error create cannot fail with NotFound
    void customers.create({ expressCustomerName: "x" }).pipe(Effect.catchTag("NotFound", () => Effect.void))
    // @ts-expect-error retrieve cannot fail with OutcomeUnknown
    void customers.retrieve("cus_1").pipe(Effect.catchTag("OutcomeUnknown", () => Effect.void))
    // @ts-expect-error list is one page, which cannot be broken
    void customers.list().pipe(Effect.catchTag("BrokenPagination", () => Effect.void))
  })
})

describe("withOptions", () => {
  it("changes no type of an Effect or a Stream", () => {
    const options = AvaraClient.withOptions({ timeout: "1 second" })
    expectTypeOf(options(customers.retrieve("cus_1"))).toEqualTypeOf(customers.retrieve("cus_1"))
    expectTypeOf(options(customers.stream())).toEqualTypeOf(customers.stream())
  })
  it("accepts strict and lenient validation, as a layer does", () => {
    expectTypeOf(AvaraClient.withOptions).toBeCallableWith({ validation: "lenient" })
    expectTypeOf(AvaraClient.withOptions).toBeCallableWith({ validation: undefined })
    expectTypeOf(Avara.layer).toBeCallableWith({ apiKey: Redacted.make("k"), validation: "strict" })
    // @ts-expect-error there are two words
    void AvaraClient.withOptions({ validation: "loose" })
    // @ts-expect-error there are two words
    void Avara.layer({ apiKey: Redacted.make("k"), validation: true })
  })
  it("accepts a key, a base URL, and names without a value", () => {
    expectTypeOf(AvaraClient.withOptions).toBeCallableWith({
      apiKey: Redacted.make("k"),
      baseUrl: "https://example.com",
      headers: { "x-a": undefined, "x-b": null, "x-c": Redacted.make("c"), "x-d": "d" },
      query: { a: undefined, b: null, c: ["1", "2"], d: "d" }
    })
    expectTypeOf(AvaraClient.withOptions).toBeCallableWith({ apiKey: undefined, baseUrl: undefined })
    // @ts-expect-error a key is redacted
    void AvaraClient.withOptions({ apiKey: "k" })
    // @ts-expect-error a query has text
    void AvaraClient.withOptions({ query: { a: 5 } })
  })
  it("removes what a layer sets, and a layer removes nothing", () => {
    const apiKey = Redacted.make("k")
    expectTypeOf(Avara.layer).toBeCallableWith({ apiKey, query: { a: ["1", "2"] }, logLevel: "info" })
    // @ts-expect-error there is nothing to remove
    void Avara.layer({ apiKey, headers: { "x-a": undefined } })
    // @ts-expect-error there is nothing to remove
    void Avara.layer({ apiKey, query: { a: null } })
    // @ts-expect-error there are five words
    void Avara.layer({ apiKey, logLevel: "verbose" })
  })
  it("accepts a limiter", () => {
    const limiter: RateLimiter.RateLimiterService = { limit: (attempt) => attempt, report: () => Effect.void }
    expectTypeOf(AvaraClient.withOptions).toBeCallableWith({ limiter })
    // @ts-expect-error a limiter is a service
    void AvaraClient.withOptions({ limiter: { requestsPerSecond: 50 } })
  })
  it("accepts extra parameters of a body, of any type", () => {
    expectTypeOf(AvaraClient.withOptions).toBeCallableWith({ body: { plan: { tier: 1 }, seats: null } })
    // @ts-expect-error a body is an object
    void AvaraClient.withOptions({ body: "plan=gold" })
  })
  it("accepts only an Effect or a Stream", () => {
    // @ts-expect-error a promise is neither
    void AvaraClient.withOptions({})(Promise.resolve(1))
  })
})

describe("parameters", () => {
  it("of update distinguish null from a missing field, and create does not accept null", () => {
    expectTypeOf(customers.update).toBeCallableWith("cus_1", { metadata: null })
    expectTypeOf(customers.update).toBeCallableWith("cus_1", { metadata: undefined })
    expectTypeOf(customers.update).toBeCallableWith("cus_1", {})
    expectTypeOf(customers.update).toBeCallableWith("cus_1")
    // @ts-expect-error null clears metadata, which a new customer does not have
    void customers.create({ expressCustomerName: "x", metadata: null })
    // @ts-expect-error the name is required
    void customers.create({})
    // @ts-expect-error there is no such parameter
    void customers.list({ name: "x" })
  })
})

describe("layers", () => {
  it("supply the services, fail with a ConfigError, and need a transport or nothing", () => {
    const options = { apiKey: Redacted.make("k") }
    expectTypeOf(NodeAvara.layer(options)).toEqualTypeOf<
      Layer.Layer<AvaraClient.AvaraClient | Customers | CustomerUsers, ConfigError.ConfigError>
    >()
    expectTypeOf(NodeAvara.layerConfig()).toEqualTypeOf<
      Layer.Layer<AvaraClient.AvaraClient | Customers | CustomerUsers, ConfigError.ConfigError>
    >()
    expectTypeOf(Avara.layer(options)).toEqualTypeOf<
      Layer.Layer<AvaraClient.AvaraClient | Customers | CustomerUsers, ConfigError.ConfigError, HttpClient.HttpClient>
    >()
  })
  it("take a key only redacted", () => {
    // @ts-expect-error plain text is not a key
    NodeAvara.layer({ apiKey: "sk_live_1" })
  })
  it("can be mocked in part", () => {
    const mock = Layer.mock(Customers, { retrieve: () => Effect.never, stream: () => Stream.empty })
    expectTypeOf(mock).toEqualTypeOf<Layer.Layer<Customers>>()
    expectTypeOf(Layer.mock(CustomerUsers, {})).toEqualTypeOf<Layer.Layer<CustomerUsers>>()
  })
})
