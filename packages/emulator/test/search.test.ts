import { expect, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Emulator from "../src/Emulator.js"
import { ask, create, missingCustomer, user } from "./support.js"

const anonymous = { headers: { authorization: "" } }

const get = <A>(path: string) =>
  Effect.map(ask(path, anonymous), ({ status, text }): { readonly status: number; readonly json: A } => ({
    status,
    json: JSON.parse(text)
  }))

interface Listed {
  readonly total: number
  readonly customers: ReadonlyArray<{ readonly expressCustomerName: string; readonly isActive: boolean }>
}

const search = (query: string) => Effect.map(get<Listed>(`/__emulator/customers?${query}`), ({ json }) => json)

const namesOf = ({ customers }: Listed) => customers.map(({ expressCustomerName }) => expressCustomerName)

layer(Emulator.layer({ customers: 45 }), { excludeTestServices: true })("the customer search of the page", (it) => {
  it.effect("returns pages of all customers, in the order of the list", () =>
    Effect.gen(function* () {
      const { customers } = yield* Emulator.Emulator
      const all = yield* customers
      const pages = yield* Effect.all([search(""), search("offset=20"), search("offset=40&limit=20")])
      expect(pages.map(({ total }) => total)).toEqual([45, 45, 45])
      expect(pages.flatMap(namesOf)).toEqual(all.map(({ expressCustomerName }) => expressCustomerName))
    })
  )

  it.effect("finds a part of a name or an id, literally and ignoring case", () =>
    Effect.gen(function* () {
      const { expressCustomerId } = yield* create(String.raw`100%_sure \ "Ünit" O'Neil`)
      yield* create("100 percent sure")
      for (const text of ["100%_SURE", "%_", "\\ ", `"Ünit"`, "o'neil", expressCustomerId.slice(3)]) {
        const found = yield* search(`search=${encodeURIComponent(text)}`)
        expect([text, found.total, found.customers[0]]).toMatchObject([text, 1, { expressCustomerId }])
      }
      expect(yield* search("search=%25nothing%25")).toEqual({ total: 0, customers: [] })
    })
  )

  it.effect("returns active customers, inactive ones, or both", () =>
    Effect.gen(function* () {
      const { expressCustomerId } = yield* create("sleeping clinic")
      yield* ask(`/v1/express/${expressCustomerId}/deactivate`, { method: "POST" })
      const [on, off, both] = yield* Effect.all([search("active=true"), search("active=false"), search("")])
      expect(on.total + off.total).toBe(both.total)
      expect(off.customers.every(({ isActive }) => !isActive)).toBe(true)
      expect((yield* search("active=false&search=sleeping")).total).toBe(1)
      expect((yield* search("active=true&search=sleeping")).total).toBe(0)
    })
  )

  it.effect("returns one customer with its users", () =>
    Effect.gen(function* () {
      const created = yield* create("with users", { region: "north" })
      for (const userId of ["usr_b", user]) {
        yield* ask(`/v1/express/${created.expressCustomerId}/users`, { method: "POST", body: { userId } })
      }
      expect(yield* get(`/__emulator/customers/${created.expressCustomerId}`)).toMatchObject({
        status: 200,
        json: {
          expressCustomerName: "with users",
          userCount: 2,
          metadata: { region: "north" },
          users: ["usr_b", user]
        }
      })
      expect(yield* get(`/__emulator/customers/${missingCustomer}`)).toMatchObject({
        status: 404,
        json: { error: { code: "not_found" } }
      })
    })
  )

  it.effect("lists everything that is wrong with a query", () =>
    Effect.gen(function* () {
      const { json, status } = yield* ask("/__emulator/customers?active=yes&limit=0&offset=1.5")
      expect(status).toBe(400)
      expect(json.error.issues.map(({ path, message }) => [path.join("."), message]).sort()).toEqual([
        ["active", 'expected "true" or "false"'],
        ["limit", "expected an integer from 1 to 100"],
        ["offset", "expected an integer from 0 to 10000000"]
      ])
    })
  )
})
