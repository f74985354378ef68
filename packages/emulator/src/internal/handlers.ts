import { createHash } from "node:crypto"
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import type { Issue } from "@effect-avara/core/Issue"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import {
  Authentication,
  CurrentApiKey,
  ExpressApi,
  invalidRequest,
  JsonBody,
  type Unauthorized
} from "../ExpressApi.js"
import { isJson } from "./contentType.js"
import * as Cursor from "./cursor.js"
import { Store } from "./store.js"

const customers = HttpApiBuilder.group(ExpressApi, "Customers", (handlers) =>
  Effect.map(Store, (store) =>
    handlers
      .handle("create", ({ payload }) => Effect.flatMap(CurrentApiKey, ({ id }) => store.create(payload, id)))
      // The rows already have their wire format: encoding them again would take most of the time of a long list.
      .handleRaw("list", ({ urlParams: { cursor, limit } }) =>
        Effect.map(store.page(cursor, limit), ({ expressCustomers, hasMore }) =>
          HttpServerResponse.unsafeJson({
            expressCustomers,
            hasMore,
            ...(hasMore ? { cursor: Cursor.encode(cursor + limit) } : {})
          })
        )
      )
      .handle("retrieve", ({ path }) => store.retrieve(path.expressCustomerId))
      .handle("update", ({ path, payload }) => store.update(path.expressCustomerId, payload))
      .handle("deactivate", ({ path }) => store.setActive(path.expressCustomerId, false))
      .handle("reactivate", ({ path }) => store.setActive(path.expressCustomerId, true))
  )
)

const customerUsers = HttpApiBuilder.group(ExpressApi, "Customer users", (handlers) =>
  Effect.map(Store, (store) =>
    handlers
      .handle("add", ({ path, payload }) =>
        Effect.as(store.addUser(path.expressCustomerId, payload.userId), { success: true, message: "User added." })
      )
      .handle("remove", ({ path, payload }) =>
        Effect.as(store.removeUser(path.expressCustomerId, payload.userId), { success: true, message: "User removed." })
      )
  )
)

const unauthorized = (message: string): Unauthorized => ({ error: { code: "unauthorized", message } })

const idOf = (key: string): string => {
  const digits = createHash("sha256").update(key).digest("hex")
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20, 32)
  ].join("-")
}

const authentication = (accepted: Redacted.Redacted | undefined) => {
  const isAccepted = (key: string) => accepted === undefined || key === Redacted.value(accepted)
  const authenticate = Effect.fnUntraced(function* () {
    const { headers } = yield* HttpServerRequest.HttpServerRequest
    const key = /^Bearer +(\S.*)$/i.exec(headers["authorization"] ?? "")?.[1]?.trimEnd()
    if (key === undefined)
      return yield* Effect.fail(unauthorized("An API key is required: Authorization: Bearer <API key>."))
    if (!isAccepted(key)) return yield* Effect.fail(unauthorized("The API key is not valid."))
    return { id: idOf(key) }
  })
  return Layer.succeed(Authentication, { bearer: authenticate })
}

/** The maximum size of a body in bytes. Its declared length is checked first, because reading a larger body closes the connection. */
export const maxBodySize = 1024 * 1024

const bodyIssues = (headers: Readonly<Record<string, string | undefined>>): ReadonlyArray<Issue> => [
  ...(isJson(headers["content-type"])
    ? []
    : [
        {
          path: [],
          message: "expected a JSON body, with content-type application/json"
        }
      ]),
  ...(Number(headers["content-length"] ?? 0) <= maxBodySize
    ? []
    : [
        {
          path: [],
          message: `expected a body of at most ${maxBodySize} bytes`
        }
      ])
]

const jsonBody = Layer.succeed(
  JsonBody,
  Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ headers }) => {
    const issues = bodyIssues(headers)
    return issues.length === 0 ? Effect.void : Effect.fail(invalidRequest(issues))
  })
)

/** Provides the eight operations on a store. */
export const layer = (apiKey: Redacted.Redacted | undefined) =>
  HttpApiBuilder.api(ExpressApi).pipe(
    Layer.provide([customers, customerUsers]),
    Layer.provide([authentication(apiKey), jsonBody])
  )
