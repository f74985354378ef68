import * as fs from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import { Customers, CustomerUsers } from "@effect-avara/core"
import { OutcomeUnknown, Unauthorized } from "@effect-avara/core/AvaraError"
import { Emulator } from "@effect-avara/emulator"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Bulk, Export, Import, Sink } from "../src/index.js"
import { emulated, pathTo } from "./support.js"

const fileWith = (name: string, text: string) =>
  Effect.tap(pathTo(name), (file) => Effect.sync(() => fs.writeFileSync(file, text)))

const rejectsOf = (
  file: string
): ReadonlyArray<{ line: number; issues: ReadonlyArray<{ path: unknown; message: string }> }> =>
  fs
    .readFileSync(`${file}.rejects.ndjson`, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))

const all = Effect.flatMap(Customers, (customers) =>
  Effect.map(Stream.runCollect(customers.stream()), Chunk.toReadonlyArray)
)

const contentOf = (file: string) =>
  fs
    .readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(({ expressCustomerName, metadata = {} }) => {
      const { createOnceKey, ...rest } = metadata
      return JSON.stringify([expressCustomerName, Object.entries(rest).sort()])
    })
    .sort()

describe("import", () => {
  it.scoped("rejects rows that nest deeper than 1,000 levels, and keeps them as text", () =>
    Effect.gen(function* () {
      const nesting = (levels: number) =>
        `{"expressCustomerName":"${levels}","plan":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`
      const file = yield* fileWith("deep.ndjson", [nesting(1000), nesting(1001), nesting(100_000)].join("\n"))
      expect(yield* Import.customers({ file })).toMatchObject({ created: 1, rejected: 2 })
      const rejects = rejectsOf(file)
      expect(rejects.map(({ issues: [issue] }) => issue?.message)).toEqual([
        "expected at most 1000 levels of objects and arrays",
        "expected at most 1000 levels of objects and arrays"
      ])
      expect(rejects[1]).toMatchObject({ line: 3, row: nesting(100_000) })
    }).pipe(Effect.provide(emulated(0)))
  )

  it.scoped("creates each row once, and rejects invalid rows with their line numbers", () =>
    Effect.gen(function* () {
      const file = yield* fileWith(
        "a.csv",
        [
          "expressCustomerName,metadata,metadata.region",
          'North,"{""tier"":""basic""}",east',
          '"two\nlines",,""',
          ",,west",
          'bad,"{",',
          "short",
          'South,"{""tier"":1}",',
          "",
          "West,,"
        ].join("\r\n")
      )
      const dry = yield* Import.customers({ file, dryRun: true })
      expect(dry).toMatchObject({ rows: 7, created: 3, rejected: 4, skipped: 0, dryRun: true })
      expect(yield* Effect.flatMap(Emulator.Emulator, ({ count }) => count)).toBe(0)
      expect(fs.existsSync(`${file}.journal.ndjson`)).toBe(false)

      const report = yield* Import.customers({ file })
      expect(report).toEqual({
        rows: 7,
        created: 3,
        skipped: 0,
        found: 0,
        rejected: 4,
        rejectsFile: `${file}.rejects.ndjson`,
        dryRun: false
      })
      expect(rejectsOf(file).map(({ issues, line }) => [line, issues.map(({ path }) => path)])).toEqual([
        [5, [["expressCustomerName"]]],
        [6, [["metadata"]]],
        [7, [[]]],
        [8, [["metadata", "tier"]]]
      ])
      const made = yield* all
      expect(made.map(({ expressCustomerName }) => expressCustomerName).sort()).toEqual(["North", "West", "two\nlines"])
      const north = made.find(({ expressCustomerName }) => expressCustomerName === "North")
      expect(north?.metadata).toMatchObject({ tier: "basic", region: "east" })
      expect(made.find(({ expressCustomerName }) => expressCustomerName.startsWith("two"))?.metadata).toMatchObject({
        region: ""
      })

      expect(yield* Effect.flip(Import.customers({ file }))).toMatchObject({ _tag: "JournalRefused", reason: "exists" })
      const again = yield* Import.customers({ file, resume: true })
      expect(again).toMatchObject({ created: 0, skipped: 3, rejected: 4 })
      expect(yield* all).toHaveLength(3)
      fs.appendFileSync(file, "\r\nNew,,")
      expect(yield* Effect.flip(Import.customers({ file, resume: true }))).toMatchObject({ reason: "changed" })
    }).pipe(Effect.provide(emulated(0)))
  )

  it.scoped("accepts exported customers whose fields are null or absent", () =>
    Effect.gen(function* () {
      const exported = [
        { expressCustomerName: "North", metadata: null, createdByApiKeyId: null, createdByUserId: null },
        { expressCustomerName: "South", userCount: null, createdAt: 1705309200 }
      ]
      const file = yield* fileWith("a.ndjson", exported.map((row) => `${JSON.stringify(row)}\n`).join(""))
      expect(yield* Import.customers({ file })).toMatchObject({ rows: 2, created: 2, rejected: 0 })
      expect((yield* all).map(({ metadata = {} }) => Object.keys(metadata))).toEqual([
        ["createOnceKey"],
        ["createOnceKey"]
      ])
    }).pipe(Effect.provide(emulated(0)))
  )

  it.scopedLive("does not create a customer again if an earlier run created it and lost the response", () =>
    Effect.gen(function* () {
      const names = Array.from({ length: 40 }, (_, index) => `Clinic ${index}`)
      const file = yield* fileWith(
        "a.ndjson",
        names.map((name) => JSON.stringify({ expressCustomerName: name })).join("\n")
      )
      const customers = yield* Customers
      let left = 10
      const losing = Customers.of({
        ...customers,
        create: (params) =>
          Effect.flatMap(customers.create(params), (customer) => {
            left -= 1
            return left >= 0
              ? Effect.succeed(customer)
              : Effect.fail(new OutcomeUnknown({ operation: "customers.create", reason: "TimedOut" }))
          }),
        stream: () => Stream.fail(new Unauthorized({ operation: "customers.list" }))
      })
      const run = Import.customers({ file, resume: true, settle: 0 })
      expect(yield* Effect.flip(Effect.provideService(run, Customers, losing))).toMatchObject({
        _tag: "OutcomeUnknown"
      })
      const before = (yield* all).length
      expect(before).toBeGreaterThan(10)
      let looks = 0
      const counting = Customers.of({
        ...customers,
        stream: (params) =>
          Stream.suspend(() => {
            looks += 1
            return customers.stream(params)
          })
      })
      const report = yield* Effect.provideService(run, Customers, counting)
      expect(report).toMatchObject({ rows: 40, created: 40 - before, skipped: before, rejected: 0 })
      expect(looks).toBe(1)
      expect((yield* all).map(({ expressCustomerName }) => expressCustomerName).sort()).toEqual([...names].sort())
    }).pipe(Effect.provide(emulated(0)))
  )

  it.scopedLive("looks once for rows whose responses were lost together, and creates none of them twice", () =>
    Effect.gen(function* () {
      const names = Array.from({ length: 20 }, (_, index) => `Clinic ${index}`)
      const rows = names.map((name) => JSON.stringify({ expressCustomerName: name }))
      const file = yield* fileWith("a.ndjson", rows.join("\n"))
      const faults = yield* Emulator.Faults
      yield* faults.set({ type: "loseResponse", operation: "customers.create", nth: 1, times: 8 })
      const report = yield* Import.customers({ file, concurrency: 8, settle: 0 })
      expect(report).toMatchObject({ rows: 20, created: 20, skipped: 0, rejected: 0 })
      const emulator = yield* Emulator.Emulator
      const requests = (yield* emulator.requests).map(({ operation }) => operation)
      expect(requests.filter((operation) => operation === "customers.create")).toHaveLength(20)
      expect(requests.filter((operation) => operation === "customers.list")).toHaveLength(1)
      expect((yield* all).map(({ expressCustomerName }) => expressCustomerName).sort()).toEqual([...names].sort())
    }).pipe(Effect.provide(emulated(0)))
  )

  it.scoped("ends at an error that does not concern only its row", () =>
    Effect.gen(function* () {
      const file = yield* fileWith("a.ndjson", '{"expressCustomerName":"a"}\n')
      const customers = yield* Customers
      const refusing = Customers.of({
        ...customers,
        create: () => Effect.fail(new Unauthorized({ operation: "customers.create" }))
      })
      const error = yield* Effect.flip(Effect.provideService(Import.customers({ file }), Customers, refusing))
      expect(error._tag).toBe("Unauthorized")
      expect(fs.existsSync(`${file}.journal.ndjson`)).toBe(true)
    }).pipe(Effect.provide(emulated(0)))
  )

  it.scopedLive("records a row on disk right before it is sent, and not earlier", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 30 }, (_, index) => JSON.stringify({ expressCustomerName: `Clinic ${index}` }))
      const file = yield* fileWith("a.ndjson", rows.join("\n"))
      const customers = yield* Customers
      const ahead: Array<number> = []
      const watching = Customers.of({
        ...customers,
        create: (params) =>
          Effect.suspend(() => {
            const journal = fs.readFileSync(`${file}.journal.ndjson`, "utf8")
            expect(journal).toContain(`"state":"started","key":"${params.metadata?.["createOnceKey"]}"`)
            ahead.push(journal.split('"started"').length - journal.split('"done"').length)
            return Effect.zipRight(Effect.sleep("2 millis"), customers.create(params))
          })
      })
      const run = Import.customers({ file, concurrency: 3 })
      expect(yield* Effect.provideService(run, Customers, watching)).toMatchObject({ created: 30 })
      expect(ahead).toHaveLength(30)
      expect(Math.max(...ahead)).toBeLessThanOrEqual(3)
    }).pipe(Effect.provide(emulated(0)))
  )

  it.scoped("refuses invalid options before it reads anything", () =>
    Effect.gen(function* () {
      const file = yield* pathTo("none.csv")
      const issueOf = <A, E extends { readonly _tag: string }, R>(run: Effect.Effect<A, E, R>) =>
        Effect.map(Effect.flip(run), (error) => {
          expect(error._tag).toBe("Validation")
          return error
        })
      for (const concurrency of [0, -1, 1.5, 1001, Number.NaN, Number.POSITIVE_INFINITY]) {
        const allowed = { issues: [{ path: ["concurrency"], message: "expected an integer from 1 to 1000" }] }
        expect(yield* issueOf(Import.customers({ file, concurrency }))).toMatchObject(allowed)
        expect(yield* issueOf(Bulk.run({ file, operation: "deactivate", concurrency }))).toMatchObject(allowed)
      }
      for (const settle of [-1, Number.NaN, "-5 seconds", "2 days", Number.POSITIVE_INFINITY] as const) {
        expect(yield* issueOf(Import.customers({ file, settle }))).toMatchObject({ issues: [{ path: ["settle"] }] })
      }
      for (const keyName of ["", "k".repeat(101)]) {
        expect(yield* issueOf(Import.customers({ file, keyName }))).toMatchObject({ issues: [{ path: ["keyName"] }] })
      }
    }).pipe(Effect.provide(emulated(0)))
  )

  it.scoped("refuses a file that it cannot read completely, and sends nothing", () =>
    Effect.gen(function* () {
      const refusal = (name: string, text: string) =>
        Effect.flatMap(fileWith(name, text), (file) => Effect.flip(Import.customers({ file })))
      expect((yield* refusal("a.csv", "expressCustomerName,nmae,x\na,b,c")).message).toMatch(
        /line 1: unknown columns "nmae", "x"/
      )
      expect((yield* refusal("a.csv", "metadata\n{}")).message).toMatch(/there is no column "expressCustomerName"/)
      expect((yield* refusal("a.csv", "expressCustomerName,metadata,metadata\n")).message).toMatch(
        /repeated columns: "metadata"/
      )
      expect((yield* refusal("a.csv", "")).message).toMatch(/it is empty; the first line must name the columns/)
      expect(yield* refusal("a.csv", 'expressCustomerName\nok\n"open')).toMatchObject({ _tag: "InputRefused" })
      expect(yield* refusal("a.txt", "")).toMatchObject({ _tag: "InputRefused" })
      const missing = yield* Effect.flip(Import.customers({ file: yield* pathTo("none.csv") }))
      expect(missing).toMatchObject({ _tag: "StorageFailed", reason: "missing" })
      expect(yield* all).toEqual([])
    }).pipe(Effect.provide(emulated(0)))
  )

  for (const make of [Sink.ndjson, Sink.csv, (file: string) => Sink.csv(file, { metadata: "columns" })]) {
    it.scopedLive("of an export leads to an export with the same content", () =>
      Effect.gen(function* () {
        const first = yield* pathTo("first.ndjson")
        const copy = yield* pathTo(`copy.${make("").format}`)
        const second = yield* pathTo("second.ndjson")
        yield* Effect.provide(
          Effect.zipRight(Export.run({ sink: Sink.ndjson(first) }), Export.run({ sink: make(copy) })),
          emulated(120)
        )
        yield* Effect.provide(
          Effect.zipRight(Import.customers({ file: copy }), Export.run({ sink: Sink.ndjson(second) })),
          emulated(0)
        )
        expect(contentOf(second)).toEqual(contentOf(first))
        const third = yield* pathTo("third.ndjson")
        yield* Effect.provide(
          Effect.zipRight(Import.customers({ file: second }), Export.run({ sink: Sink.ndjson(third) })),
          emulated(0)
        )
        const keys = (file: string) =>
          fs
            .readFileSync(file, "utf8")
            .match(/import:[^"]*/g)
            ?.sort()
        expect(keys(third)).toEqual(keys(second))
      })
    )
  }
})

describe("bulk", () => {
  const ids = Effect.map(all, (customers) => customers.map(({ expressCustomerId }) => expressCustomerId))

  it.scopedLive("deactivates and reactivates, and rejects customers that do not exist", () =>
    Effect.gen(function* () {
      const some = (yield* ids).slice(0, 20)
      const rows = [...some, `cus_${"f".repeat(32)}`, "nonsense"]
      const file = yield* fileWith("a.csv", `expressCustomerId\n${rows.join("\n")}\n`)
      expect(yield* Bulk.run({ file, operation: "deactivate", dryRun: true })).toMatchObject({ done: 21, rejected: 1 })
      const report = yield* Bulk.run({ file, operation: "deactivate" })
      expect(report).toMatchObject({ rows: 22, done: 20, rejected: 2, skipped: 0 })
      expect(
        rejectsOf(file)
          .map(({ line }) => line)
          .sort()
      ).toEqual([22, 23])
      const inactive = new Set(
        (yield* all).filter(({ isActive }) => !isActive).map(({ expressCustomerId }) => expressCustomerId)
      )
      expect(some.every((id) => inactive.has(id))).toBe(true)
      expect(yield* Effect.flip(Bulk.run({ file, operation: "reactivate", resume: true }))).toMatchObject({
        reason: "operation"
      })
      expect(yield* Bulk.run({ file, operation: "deactivate", resume: true })).toMatchObject({ done: 0, skipped: 20 })
    }).pipe(Effect.provide(emulated(30)))
  )

  it.scopedLive("adds and removes users, and counts the rows of a lost run as done", () =>
    Effect.gen(function* () {
      const users = yield* CustomerUsers
      const active = (yield* all).filter(({ isActive }) => isActive).slice(0, 10)
      const user = `usr_${"e".repeat(32)}`
      const rows = active.map(({ expressCustomerId }) => ({ expressCustomerId, userId: user }))
      const file = yield* fileWith("a.ndjson", rows.map((row) => JSON.stringify(row)).join("\n"))
      const lost = CustomerUsers.of({
        ...users,
        add: (customer, id) =>
          Effect.zipRight(users.add(customer, id), Effect.fail(new Unauthorized({ operation: "users.add" })))
      })
      const add = Bulk.run({ file, operation: "addUsers", resume: true })
      yield* Effect.flip(Effect.provideService(add, CustomerUsers, lost))
      expect(yield* add).toMatchObject({ rows: 10, done: 10, rejected: 0 })
      fs.rmSync(`${file}.journal.ndjson`)
      expect(yield* Bulk.run({ file, operation: "addUsers" })).toMatchObject({ done: 0, rejected: 10 })
      fs.rmSync(`${file}.journal.ndjson`)
      expect(yield* Bulk.run({ file, operation: "removeUsers" })).toMatchObject({ done: 10, rejected: 0 })
    }).pipe(Effect.provide(emulated(30)))
  )
})
