import { describe, expect, it } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type Command, readCommand } from "./support/curl.js"

/** The calls as printed in the API's HTTP reference. */
const printed = {
  create: String.raw`curl https://api.avarasoftware.com/v1/express \
    -H 'Content-Type: application/json' \
    -H "Authorization: Bearer $AVARA_API_KEY" \
    -d '{
          "expressCustomerName": "City Medical Center - Radiology Department"
        }'`,
  list: String.raw`curl https://api.avarasoftware.com/v1/express \
    -H "Authorization: Bearer $AVARA_API_KEY"`,
  retrieve: String.raw`curl https://api.avarasoftware.com/v1/express/$EXPRESS_CUSTOMER_ID \
    -H "Authorization: Bearer $AVARA_API_KEY"`,
  update: String.raw`curl https://api.avarasoftware.com/v1/express/$EXPRESS_CUSTOMER_ID \
    -X PATCH \
    -H "Authorization: Bearer $AVARA_API_KEY"`,
  deactivate: String.raw`curl https://api.avarasoftware.com/v1/express/$EXPRESS_CUSTOMER_ID/deactivate \
    -X POST \
    -H "Authorization: Bearer $AVARA_API_KEY"`,
  reactivate: String.raw`curl https://api.avarasoftware.com/v1/express/$EXPRESS_CUSTOMER_ID/reactivate \
    -X POST \
    -H "Authorization: Bearer $AVARA_API_KEY"`,
  add: String.raw`curl https://api.avarasoftware.com/v1/express/$EXPRESS_CUSTOMER_ID/users \
    -H 'Content-Type: application/json' \
    -H "Authorization: Bearer $AVARA_API_KEY" \
    -d '{
          "userId": "usr_1234567890abcdef1234567890abcdef"
        }'`,
  remove: String.raw`curl https://api.avarasoftware.com/v1/express/$EXPRESS_CUSTOMER_ID/users \
    -X DELETE \
    -H "Authorization: Bearer $AVARA_API_KEY"`
}

/** The customer of the reference. */
const documented = {
  createdAt: "2024-01-15T09:00:00Z",
  expressCustomerId: "cus_1234567890abcdef1234567890abcdef",
  expressCustomerName: "City Medical Center - Radiology Department",
  isActive: true,
  updatedAt: "2024-03-15T14:20:00Z",
  userCount: 15,
  createdByApiKeyId: "550e8400-e29b-41d4-a716-446655440000",
  createdByUserId: "usr_1234567890abcdef1234567890abcdef",
  metadata: { department: "radiology", region: "northeast" }
}

const iso = (text: string) => new Date(text).toISOString()

const asSent = { ...documented, createdAt: iso(documented.createdAt), updatedAt: iso(documented.updatedAt) }

const environment = (key: string) => ({ AVARA_API_KEY: key, EXPRESS_CUSTOMER_ID: documented.expressCustomerId })

/** Runs a call of the reference against the emulator instead of the API. */
const run = (text: string, key = "anything that is not blank") =>
  Effect.gen(function* () {
    const { url } = yield* Emulator.Emulator
    const { url: printedUrl, ...init }: Command = readCommand(text, environment(key))
    const response = yield* Effect.promise(() => fetch(printedUrl.replace("https://api.avarasoftware.com", url), init))
    return { status: response.status, json: (yield* Effect.promise(() => response.json())) as unknown }
  })

describe("the calls of the API's reference, as printed", () => {
  it.live("work one after the other", () =>
    Effect.gen(function* () {
      const { requests } = yield* Emulator.Emulator
      expect(yield* run(printed.retrieve)).toEqual({ status: 200, json: asSent })
      expect(yield* run(printed.list)).toMatchObject({ status: 200, json: { expressCustomers: [asSent, {}] } })
      expect(yield* run(printed.update)).toEqual({ status: 200, json: asSent })
      const created = { status: 200, json: { expressCustomerName: documented.expressCustomerName, userCount: 0 } }
      expect(yield* run(printed.create)).toMatchObject(created)
      expect(yield* run(printed.deactivate)).toMatchObject({ status: 200, json: { isActive: false } })
      expect(yield* run(printed.reactivate)).toMatchObject({ status: 200, json: { isActive: true } })
      expect(yield* run(printed.add)).toMatchObject({ status: 200, json: { success: true } })
      expect(yield* run(printed.retrieve)).toMatchObject({ json: { userCount: 16 } })
      // The reference prints no body, so it names no user.
      expect(yield* run(printed.remove)).toMatchObject({ status: 200, json: { success: false } })
      expect(yield* run(printed.retrieve)).toMatchObject({ json: { userCount: 16 } })
      expect((yield* requests).map(({ operation }) => operation)).toEqual([
        "customers.retrieve",
        "customers.list",
        "customers.update",
        "customers.create",
        "customers.deactivate",
        "customers.reactivate",
        "users.add",
        "customers.retrieve",
        "users.remove",
        "customers.retrieve"
      ])
    }).pipe(Effect.provide(Emulator.layer({ customers: 2 })))
  )

  it.live("need the key that the emulator was started with", () =>
    Effect.gen(function* () {
      for (const text of Object.values(printed)) {
        for (const key of ["", " ", "another"]) expect(yield* run(text, key)).toMatchObject({ status: 401 })
      }
      expect(yield* run(printed.update, "the one")).toEqual({ status: 200, json: asSent })
    }).pipe(Effect.provide(Emulator.layer({ customers: 1, apiKey: Redacted.make("the one") })))
  )

  it.live("without a body fail like the others for a customer that does not exist", () =>
    Effect.gen(function* () {
      expect(yield* run(printed.update)).toMatchObject({ status: 404, json: { error: { code: "customer_not_found" } } })
      expect(yield* run(printed.remove)).toMatchObject({ status: 404, json: { error: { code: "customer_not_found" } } })
    }).pipe(Effect.provide(Emulator.layer()))
  )
})

/** The requests of the official SDKs' own tests: with a key of three words, and each user twice. */
describe("the requests of the official SDKs' tests", () => {
  const id = documented.expressCustomerId
  const userId = "usr_1234567890abcdef1234567890abcdef"
  const name = documented.expressCustomerName
  const metadata = { foo: "string" }
  const tests: ReadonlyArray<readonly [name: string, method: string, path: string, body: unknown, status: number]> = [
    ["create with the required parameter", "POST", "", { expressCustomerName: name }, 200],
    ["create with all parameters", "POST", "", { expressCustomerName: name, metadata }, 200],
    ["retrieve", "GET", `/${id}`, undefined, 200],
    ["update without parameters", "PATCH", `/${id}`, {}, 200],
    ["update with all parameters", "PATCH", `/${id}`, { expressCustomerName: name, metadata }, 200],
    ["list without parameters", "GET", "", undefined, 200],
    ["list with parameters", "GET", "?limit=1", undefined, 200],
    ["deactivate", "POST", `/${id}/deactivate`, undefined, 200],
    ["reactivate", "POST", `/${id}/reactivate`, undefined, 200],
    ["add a user", "POST", `/${id}/users`, { userId }, 200],
    ["add a user who is a member already", "POST", `/${id}/users`, { userId }, 409],
    ["remove a user", "DELETE", `/${id}/users`, { userId }, 200],
    ["remove a user who is no member", "DELETE", `/${id}/users`, { userId }, 404]
  ]

  it.live("succeed, except the two that expect a stateless server", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator.Emulator
      const statuses = yield* Effect.forEach(tests, ([test, method, path, body]) =>
        Effect.promise(async () => {
          const response = await fetch(`${url}/v1/express${path}`, {
            method,
            headers: { authorization: "Bearer My API Key", "content-type": "application/json" },
            ...(body === undefined ? {} : { body: JSON.stringify(body) })
          })
          return [test, response.status]
        })
      )
      expect(statuses).toEqual(tests.map(([test, , , , status]) => [test, status]))
    }).pipe(Effect.provide(Emulator.layer({ customers: 1 })))
  )
})
