import * as assert from "node:assert/strict"
import { type AvaraError, Customers, CustomerUsers, InvalidResponse, OutcomeUnknown } from "@effect-avara/core"
import * as Chunk from "effect/Chunk"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { type Api, clinic, done, idOf, userId } from "../../faults/support/calls.js"
import { layerAnswering, type Mode } from "./client.js"
import { type Exported, exportEverywhere, exportNowhere } from "./exported.js"
import { absent, type Outcome, type Row, type Theme, withField } from "./row.js"

type Read = Effect.Effect<object, AvaraError>

/** A call, its response, and the place of the row's object in the response. */
interface Way {
  readonly name: string
  readonly body: (object: unknown) => unknown
  readonly call: (api: Api, id: string) => Read
  readonly at: ReadonlyArray<string | number>
}

const pageOf = (customer: unknown) => ({ expressCustomers: [customer], hasMore: false })

const same = (object: unknown): unknown => object

const inPage = ["expressCustomers", 0]

const firstOf = <A extends object>(items: ReadonlyArray<A>): A => {
  const [first] = items
  assert.ok(first !== undefined, "nothing was read")
  return first
}

const customerWays: ReadonlyArray<Way> = [
  { name: "retrieve", body: same, call: ({ customers }, id) => customers.retrieve(id), at: [] },
  { name: "update", body: same, call: ({ customers }, id) => customers.update(id), at: [] },
  { name: "deactivate", body: same, call: ({ customers }, id) => customers.deactivate(id), at: [] },
  { name: "reactivate", body: same, call: ({ customers }, id) => customers.reactivate(id), at: [] },
  {
    name: "create",
    body: same,
    call: ({ customers }) => customers.create({ expressCustomerName: clinic.expressCustomerName }),
    at: []
  },
  {
    name: "list",
    body: pageOf,
    call: ({ customers }) => Effect.map(customers.list(), ({ expressCustomers }) => firstOf(expressCustomers)),
    at: inPage
  },
  {
    name: "stream",
    body: pageOf,
    call: ({ customers }) =>
      Effect.map(Stream.runCollect(customers.stream()), (all) => firstOf(Chunk.toReadonlyArray(all))),
    at: inPage
  },
  {
    name: "pages",
    body: pageOf,
    call: ({ customers }) =>
      Effect.map(Stream.runCollect(customers.pages()), (pages) =>
        firstOf(firstOf(Chunk.toReadonlyArray(pages)).expressCustomers)
      ),
    at: inPage
  }
]

const pageWays: ReadonlyArray<Way> = [
  { name: "list", body: same, call: ({ customers }) => customers.list(), at: [] },
  {
    name: "pages",
    body: same,
    call: ({ customers }) =>
      Effect.map(Stream.runCollect(customers.pages()), (pages) => firstOf(Chunk.toReadonlyArray(pages))),
    at: []
  }
]

const successWays: ReadonlyArray<Way> = [
  { name: "users.add", body: same, call: ({ users }, id) => users.add(id, userId), at: [] },
  { name: "users.remove", body: same, call: ({ users }, id) => users.remove(id, userId), at: [] }
]

const objects = {
  customer: { ways: customerWays, sound: { ...clinic, createdByApiKeyId: "key_1", metadata: { region: "northeast" } } },
  page: { ways: pageWays, sound: pageOf(clinic) },
  success: { ways: successWays, sound: done }
} as const

/** A field as the table writes it; a count that is not a number is not JSON. */
const plain = (value: unknown): unknown => (DateTime.isDateTime(value) ? DateTime.formatIso(value) : value)

const valueOf = (read: object, field: string): unknown =>
  Object.hasOwn(read, field) ? plain(Reflect.get(read, field)) : absent

const pathOf = (at: ReadonlyArray<string | number>, { field, sent }: Row) => {
  // An entry of metadata is a value of the response, so it is not shown.
  const isEntry = field === "metadata" && typeof sent === "object" && sent !== null && !Array.isArray(sent)
  return [...at, field, ...(isEntry ? ["…"] : [])]
}

const expectRefusal = (failure: unknown, at: ReadonlyArray<string | number>, row: Row, message: string) => {
  assert.ok(failure instanceof InvalidResponse, `${String(failure)} is no InvalidResponse`)
  assert.deepEqual(failure.issues, [{ path: pathOf(at, row), message }])
}

const checkWay = (way: Way, row: Row, sound: object, mode: Mode): Effect.Effect<void> =>
  Effect.gen(function* () {
    const expected = row[mode]
    const isOwnId = row.field === "expressCustomerId" && expected._tag === "Reads"
    const id = isOwnId ? String(row.sent) : idOf(1)
    const api = { customers: yield* Customers, users: yield* CustomerUsers }
    const result = yield* Effect.either(way.call(api, id))
    if (expected._tag === "Reads") {
      const read = Either.getOrThrowWith(result, (error) => new Error(`${way.name}: ${error.message}`))
      return assert.deepEqual(valueOf(read, row.field), expected.value, way.name)
    }
    assert.ok(Either.isLeft(result), `${way.name} was not refused`)
    if (way.name !== "create") return expectRefusal(result.left, way.at, row, expected.message)
    assert.ok(result.left instanceof OutcomeUnknown, "a create whose response is refused has an unknown outcome")
    assert.equal(result.left.reason, "InvalidResponse")
  }).pipe(Effect.provide(layerAnswering(way.body(withField(sound, row)), mode)))

/** The other cells of a customer. */
const cellOf = (value: unknown): unknown =>
  value === absent || value === undefined || Number.isNaN(value) ? null : value

const isTime = (field: string) => field === "createdAt" || field === "updatedAt"

const inCsv = (field: string, value: unknown): unknown =>
  field === "metadata" || value === null ? value : String(value)

const checkExported = (exported: Exported, row: Row, outcome: Extract<Outcome, { readonly _tag: "Reads" }>) => {
  const { field, sent } = row
  const isKnown = Object.hasOwn(exported.sql, field)
  const isDrift = row.strict._tag === "Refuses" && sent !== absent && sent !== null
  const value = cellOf(outcome.value)
  const extra = isDrift || !isKnown ? { [field]: sent } : null
  // Text stays text in CSV, whatever its content is.
  const isText = isTime(field) && typeof sent === "string"
  assert.deepEqual(valueOf(Object(exported.ndjson), field), sent, "ndjson")
  assert.deepEqual(JSON.parse(String(exported.sql["received"])), exported.ndjson, "received")
  assert.deepEqual(exported.csv["extra"], isText ? null : extra, "extra of csv")
  assert.deepEqual(exported.parquet["extra"], extra, "extra of parquet")
  if (!isKnown) return
  assert.deepEqual(exported.csv[field], isText ? sent : inCsv(field, value), "csv")
  assert.deepEqual(exported.parquet[field], value, "parquet")
  const stored = exported.sql[field]
  const inSql = field === "metadata" && typeof stored === "string" ? JSON.parse(stored) : stored
  assert.deepEqual(inSql, typeof value === "boolean" ? Number(value) : value, "sql")
}

/** A customer with the row's field and its own id. */
const exportable = (row: Row, index: number): unknown =>
  withField(
    { ...objects.customer.sound, ...(row.field === "expressCustomerId" ? {} : { expressCustomerId: idOf(index + 1) }) },
    row
  )

/** One export of all customers that a mode reads, as an export for each row would be slow. */
const exportsOf = (rows: ReadonlyArray<Row>, mode: Mode) => {
  const readable = rows.filter((row) => row[mode]._tag === "Reads")
  const all = Effect.runSync(Effect.cached(Effect.suspend(() => exportEverywhere(readable.map(exportable), mode))))
  return (row: Row): Effect.Effect<Exported> =>
    Effect.map(all, (exported) => {
      const found = exported[readable.indexOf(row)]
      assert.ok(found !== undefined, "the customer was not exported")
      return found
    })
}

/** Tests every row of a table through every call and every format, in both modes. */
export const makeCheck = (themes: ReadonlyArray<Theme>) => {
  const rows = themes.filter(({ place }) => place === "customer").flatMap(({ rows }) => rows)
  const exported = { strict: exportsOf(rows, "strict"), lenient: exportsOf(rows, "lenient") }
  const checkExport = (place: Theme["place"], row: Row, mode: Mode): Effect.Effect<void> => {
    const outcome = row[mode]
    if (place === "success") return Effect.void
    if (outcome._tag === "Reads") {
      return place === "page"
        ? Effect.void
        : Effect.map(exported[mode](row), (found) => checkExported(found, row, outcome))
    }
    const object = withField(objects[place].sound, row)
    const [body, at] = place === "page" ? [object, []] : [pageOf(object), inPage]
    return Effect.map(exportNowhere(body, mode), (failures) => {
      for (const failure of failures) expectRefusal(failure, at, row, outcome.message)
    })
  }
  const checkMode = (place: Theme["place"], row: Row, mode: Mode) =>
    Effect.zipRight(
      Effect.forEach(objects[place].ways, (way) => checkWay(way, row, objects[place].sound, mode), { discard: true }),
      checkExport(place, row, mode)
    )
  return (place: Theme["place"], row: Row): Effect.Effect<void> =>
    Effect.zipRight(checkMode(place, row, "strict"), checkMode(place, row, "lenient"))
}
