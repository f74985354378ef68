import { describe, expect, it } from "@effect/vitest"
import {
  CreateParams,
  Customer,
  CustomerId,
  CustomerPage,
  Issue,
  ListParams,
  Metadata,
  SuccessResponse,
  Timestamp,
  UpdateParams,
  UserId
} from "@effect-avara/core"
import * as Arbitrary from "effect/Arbitrary"
import * as DateTime from "effect/DateTime"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import { exampleCustomer } from "./support.js"

const overTheWire = (json: unknown): unknown => JSON.parse(JSON.stringify(json))

const issuesOf = (schema: Schema.Schema.AnyNoContext, input: unknown) =>
  Schema.decodeUnknownEither(schema, { errors: "all", onExcessProperty: "error" })(input).pipe(
    Either.flip,
    Either.map(Issue.fromParseError),
    Either.getOrElse(() => [])
  )

const accepts = (schema: Schema.Schema.AnyNoContext) => (input: unknown) => issuesOf(schema, input).length === 0

describe("Customer", () => {
  it.prop("survives a round trip through JSON", [Arbitrary.make(Customer)], ([customer]) => {
    const encoded = overTheWire(Schema.encodeSync(Customer)(customer))
    expect(Schema.decodeUnknownSync(Customer)(encoded)).toEqual(customer)
  })

  it("keeps absent fields absent", () => {
    const { createdByApiKeyId: _a, createdByUserId: _b, metadata: _c, ...required } = exampleCustomer
    const customer = Schema.decodeUnknownSync(Customer)({ ...required, createdAt: null, updatedAt: null })
    expect(Object.keys(customer).sort()).toEqual(Object.keys(required).sort())
    expect([customer.createdAt, customer.updatedAt]).toEqual([null, null])
  })

  it("reads an optional field that is null as absent, and an absent time as null", () => {
    const { createdAt: _a, updatedAt: _b, ...sent } = exampleCustomer
    const customer = Schema.decodeUnknownSync(Customer)({
      ...sent,
      createdByApiKeyId: null,
      createdByUserId: null,
      metadata: null
    })
    const { createdByApiKeyId: _c, metadata: _d, ...rest } = sent
    expect(customer).toStrictEqual({ ...rest, createdAt: null, updatedAt: null, createdByUserId: null })
    expect(
      Schema.decodeUnknownSync(CustomerPage)({ expressCustomers: [], hasMore: false, cursor: null })
    ).toStrictEqual({
      expressCustomers: [],
      hasMore: false
    })
    expect(Schema.decodeUnknownSync(SuccessResponse)({ success: true, message: null })).toStrictEqual({ success: true })
  })

  it.each(["", "usr_", "user@example.com", "auth0|42"])("accepts any text as the creator: %s", (createdByUserId) => {
    expect(Schema.decodeUnknownSync(Customer)({ ...exampleCustomer, createdByUserId })).toMatchObject({
      createdByUserId
    })
  })

  for (const [what, change] of [
    ["a required key that is missing", { isActive: undefined }],
    ["null in a field that does not allow it", { expressCustomerName: null }],
    ["an empty name", { expressCustomerName: "" }],
    ["a number as text", { userCount: "15" }],
    ["a negative count", { userCount: -1 }],
    ["a fractional count", { userCount: 1.5 }],
    ["an id of another kind", { expressCustomerId: exampleCustomer.createdByUserId }],
    ["metadata that is an array", { metadata: ["a"] }],
    ["metadata with a value that is not text", { metadata: { a: 1 } }],
    ["a creator that is not text", { createdByUserId: 1 }],
    ["a time that is a number", { updatedAt: 1705309200 }]
  ] as const) {
    it(`rejects ${what}`, () => {
      const [field = ""] = Object.keys(change)
      const paths = issuesOf(Customer, overTheWire({ ...exampleCustomer, ...change })).map(({ path }) => path[0])
      expect(paths).toEqual([field])
    })
  }

  for (const [name, schema, json] of [
    ["a customer", Customer, exampleCustomer],
    ["a page", CustomerPage, { expressCustomers: [{ ...exampleCustomer, plan: "gold" }], hasMore: false }],
    ["a success", SuccessResponse, { success: true }]
  ] as ReadonlyArray<readonly [string, Schema.Schema.AnyNoContext, object]>) {
    it(`accepts a new field of ${name}, and drops it`, () => {
      const read = (value: object) => Schema.decodeUnknownSync(schema, { errors: "all" })(value)
      expect(read({ ...json, newField: { deep: [1] } })).toEqual(read(json))
      expect(JSON.stringify(read(json))).not.toContain("gold")
    })
  }
})

describe("Timestamp", () => {
  const decode = Schema.decodeUnknownEither(Timestamp)
  const encode = Schema.encodeSync(Timestamp)

  const range = (min: string, max: string) =>
    FastCheck.date({ min: new Date(min), max: new Date(max), noInvalidDate: true }).map((date) =>
      DateTime.unsafeFromDate(date)
    )

  it.prop(
    "of the years 0000 to 9999 survives a round trip through ISO text to the millisecond",
    [range("0000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z")],
    ([time]) => {
      expect(encode(time)).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
      expect(decode(encode(time))).toEqual(Either.right(time))
    }
  )

  it.prop(
    "of any year that a Date can hold survives a round trip through ISO text",
    [range("-271821-04-20T00:00:00.000Z", "+275760-09-13T00:00:00.000Z")],
    ([time]) => {
      expect(decode(encode(time))).toEqual(Either.right(time))
    }
  )

  for (const [text, iso] of [
    ["2024-01-15T09:00:00Z", "2024-01-15T09:00:00.000Z"],
    ["2024-01-15T09:00:00", "2024-01-15T09:00:00.000Z"],
    ["2024-01-15T09:00", "2024-01-15T09:00:00.000Z"],
    ["2024-01-15T09:00:00.5", "2024-01-15T09:00:00.500Z"],
    ["2024-01-15t09:00:00z", "2024-01-15T09:00:00.000Z"],
    ["2024-01-15 09:00:00", "2024-01-15T09:00:00.000Z"],
    ["2024-01-15", "2024-01-15T00:00:00.000Z"],
    ["+002024-01-15", "2024-01-15T00:00:00.000Z"],
    ["2024-01-15 09:00:00+00", "2024-01-15T09:00:00.000Z"],
    ["2024-01-15 09:00:00.123456+00", "2024-01-15T09:00:00.123Z"],
    ["2024-01-15T09:00:00+0000", "2024-01-15T09:00:00.000Z"],
    ["2024-01-15T09:00:00+00:00", "2024-01-15T09:00:00.000Z"],
    ["2024-01-15T09:00:00-00:00", "2024-01-15T09:00:00.000Z"],
    ["2024-01-15T09:00:00-08", "2024-01-15T17:00:00.000Z"],
    ["2024-01-15T09:00:00,5Z", "2024-01-15T09:00:00.500Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
    ["2016-12-31T15:59:60.5-08:00", "2017-01-01T00:00:00.500Z"],
    ["2024-01-15T09:00:00+02:00", "2024-01-15T07:00:00.000Z"],
    ["2024-01-15T09:00:00-0530", "2024-01-15T14:30:00.000Z"],
    ["2024-01-15T09:00:00.123456789Z", "2024-01-15T09:00:00.123Z"],
    ["2024-01-15T09:00:00.999999Z", "2024-01-15T09:00:00.999Z"],
    [`2024-01-15T09:00:00.${"9".repeat(60)}`, "2024-01-15T09:00:00.999Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["2024-01-15T24:00:00Z", "2024-01-16T00:00:00.000Z"],
    ["0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"],
    ["0001-01-01T00:00:00", "0001-01-01T00:00:00.000Z"],
    ["+275760-09-13T00:00:00.000Z", "+275760-09-13T00:00:00.000Z"]
  ] as const) {
    it(`reads ${text} as ${iso}`, () => {
      expect(Either.map(decode(text), DateTime.formatIso)).toEqual(Either.right(iso))
    })
  }

  for (const text of [
    "",
    "yesterday",
    "2024-W03-1",
    "2024-015",
    "2024-01",
    "20240115",
    "2024-01-15Z",
    "2024-01-15T",
    "2024-02-30",
    "2024-01-15T09:00:60Z",
    "2024-01-15T24:00:00.001Z",
    "2024-01-15T09:00:00 +00:00",
    "2024-01-15 09:00:00 UTC",
    "1705309200000",
    "Mon, 15 Jan 2024 09:00:00 GMT",
    "2024-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2024-04-31T00:00:00",
    "2024-13-01T00:00:00Z",
    "2024-00-10T00:00:00Z",
    "2024-01-00T00:00:00Z",
    "2024-01-15T24:00:01Z",
    "2024-01-15T25:00:00Z",
    "2024-01-15T09:60:00Z",
    "2024-01-15T09:00:61Z",
    "2024-01-15T09:00:00+25:00",
    "2024-01-15T09:00:00+02:60",
    "2024-01-15T09:00:00.Z",
    "2024-01-15T09:00:00Z ",
    " 2024-01-15T09:00:00Z",
    "2024-01-15T09:00:00 Europe/Berlin",
    "+275760-09-13T00:00:00.001Z",
    "-000000-01-01T00:00:00Z",
    1705309200000,
    null,
    true
  ]) {
    it(`rejects ${JSON.stringify(text)}`, () => {
      expect(issuesOf(Timestamp, text)).toEqual([
        { path: [], message: expect.stringMatching(/^expected (an ISO 8601 date or date-time|a string)$/) }
      ])
    })
  }

  for (const zone of ["UTC", "America/New_York", "Pacific/Kiritimati"]) {
    it(`means the same on a machine in the time zone ${zone}`, () => {
      const before = process.env["TZ"]
      try {
        process.env["TZ"] = zone
        expect(Either.map(decode("2024-07-01T12:00:00"), DateTime.formatIso)).toEqual(
          Either.right("2024-07-01T12:00:00.000Z")
        )
      } finally {
        if (before === undefined) delete process.env["TZ"]
        else process.env["TZ"] = before
      }
    })
  }
})

describe("Metadata", () => {
  const text = '{"__proto__":"a","constructor":"b","toString":"c","":"d"}'

  it("loses no key, not even __proto__", () => {
    const metadata = Schema.decodeUnknownSync(Metadata)(JSON.parse(text))
    expect(Object.entries(metadata)).toEqual(Object.entries(JSON.parse(text)))
    expect(JSON.stringify(Schema.encodeSync(Metadata)(metadata))).toBe(text)
  })

  it("loses no key within a customer", () => {
    const customer = Schema.decodeUnknownSync(Customer)({ ...exampleCustomer, metadata: JSON.parse(text) })
    expect(JSON.stringify(customer.metadata)).toBe(text)
    expect(JSON.stringify(Schema.encodeSync(Customer)(customer).metadata)).toBe(text)
  })
})

describe("ids", () => {
  for (const [name, schema, prefix] of [
    ["CustomerId", CustomerId, "cus_"],
    ["UserId", UserId, "usr_"]
  ] as const) {
    for (const rest of ["1234567890abcdef1234567890abcdef", "a", "A-Z_0", "x".repeat(500)]) {
      it(`${name} accepts ${prefix}${rest.slice(0, 40)}`, () => {
        expect(accepts(schema)(prefix + rest)).toBe(true)
      })
    }
    for (const id of [
      "",
      prefix,
      prefix.toUpperCase() + "1",
      "1234567890abcdef",
      prefix === "cus_" ? "usr_1" : "cus_1",
      `${prefix}a/b`,
      `${prefix}..`,
      `${prefix}a%2Fb`,
      `${prefix}a b`,
      `${prefix}a\n`,
      `${prefix}é`,
      ` ${prefix}a`,
      `${prefix}a?x=1`,
      `x${prefix}a`
    ]) {
      it(`${name} rejects ${JSON.stringify(id)}`, () => {
        expect(issuesOf(schema, id)).toEqual([
          {
            path: [],
            message: `expected "${prefix}" followed by letters, digits, "_" or "-"`
          }
        ])
      })
    }
  }
})

const pairs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, "value"]))

describe("parameters", () => {
  const name = "City Medical Center"

  for (const [what, schema, input] of [
    ["a name of one character", CreateParams, { expressCustomerName: "x" }],
    ["50 pairs of metadata", CreateParams, { expressCustomerName: name, metadata: pairs(50) }],
    ["a key of 100 emoji", CreateParams, { expressCustomerName: name, metadata: { ["😀".repeat(100)]: "" } }],
    ["a value of 1000 emoji", CreateParams, { expressCustomerName: name, metadata: { a: "😀".repeat(1000) } }],
    ["metadata that is undefined", CreateParams, { expressCustomerName: name, metadata: undefined }],
    ["no input", UpdateParams, {}],
    ["metadata that is null", UpdateParams, { metadata: null }],
    ["limit 1", ListParams, { limit: 1 }],
    ["limit 100", ListParams, { limit: 100 }],
    ["no limit and a cursor", ListParams, { cursor: "eyJvZmZzZXQiOjIwfQ==" }]
  ] as ReadonlyArray<readonly [string, Schema.Schema.AnyNoContext, unknown]>) {
    it(`accept ${what}`, () => expect(issuesOf(schema, input)).toEqual([]))
  }

  for (const [what, schema, input, expected] of [
    ["no name", CreateParams, {}, [[["expressCustomerName"], "is required"]]],
    [
      "an empty name",
      CreateParams,
      { expressCustomerName: "" },
      [[["expressCustomerName"], "expected text of at least 1 character"]]
    ],
    [
      "a name that is null",
      UpdateParams,
      { expressCustomerName: null },
      [[["expressCustomerName"], "expected text of at least 1 character"]]
    ],
    [
      "metadata that is null",
      CreateParams,
      { expressCustomerName: name, metadata: null },
      [[["metadata"], "expected at most 50 pairs, keys of at most 100 characters, values of at most 1000"]]
    ],
    [
      "51 pairs of metadata",
      CreateParams,
      { expressCustomerName: name, metadata: pairs(51) },
      [[["metadata"], "expected at most 50 pairs, not 51"]]
    ],
    [
      "a key of 101 emoji",
      UpdateParams,
      { metadata: { ["😀".repeat(101)]: "" } },
      [[["metadata", expect.stringContaining("😀")], "expected a key of at most 100 characters, not 101"]]
    ],
    [
      "a value of 1001 emoji",
      UpdateParams,
      { metadata: { a: "😀".repeat(1001) } },
      [[["metadata", "a"], "expected a value of at most 1000 characters, not 1001"]]
    ],
    [
      "an unknown field",
      CreateParams,
      { expressCustomerName: name, isActive: true },
      [[["isActive"], "is not a known field"]]
    ],
    ["an unknown field of update", UpdateParams, { name }, [[["name"], "is not a known field"]]],
    ["an unknown field of list", ListParams, { name }, [[["name"], "is not a known field"]]],
    ["limit 0", ListParams, { limit: 0 }, [[["limit"], "expected an integer from 1 to 100"]]],
    ["limit 101", ListParams, { limit: 101 }, [[["limit"], "expected an integer from 1 to 100"]]],
    ["limit 1.5", ListParams, { limit: 1.5 }, [[["limit"], expect.stringContaining("integer")]]],
    ["limit NaN", ListParams, { limit: NaN }, [[["limit"], expect.stringContaining("integer")]]],
    [
      "an empty cursor",
      ListParams,
      { cursor: "" },
      [[["cursor"], "expected the cursor of an earlier page, not empty text"]]
    ],
    [
      "several problems together",
      CreateParams,
      { expressCustomerName: "", metadata: { ...pairs(50), ["k".repeat(101)]: "v".repeat(1001) }, extra: 1 },
      [
        [["extra"], "is not a known field"],
        [["expressCustomerName"], "expected text of at least 1 character"],
        [["metadata"], "expected at most 50 pairs, not 51"],
        [["metadata", expect.stringContaining("kkk")], "expected a key of at most 100 characters, not 101"],
        [["metadata", expect.stringContaining("kkk")], "expected a value of at most 1000 characters, not 1001"]
      ]
    ]
  ] as ReadonlyArray<
    readonly [string, Schema.Schema.AnyNoContext, unknown, ReadonlyArray<readonly [ReadonlyArray<unknown>, unknown]>]
  >) {
    it(`reject ${what}, with all paths`, () => {
      expect(issuesOf(schema, input)).toEqual(expected.map(([path, message]) => ({ path, message })))
    })
  }

  for (const [what, params, body] of [
    ["a missing field", {}, "{}"],
    ["a field that is undefined", { expressCustomerName: undefined, metadata: undefined }, "{}"],
    ["metadata that is null", { metadata: null }, '{"metadata":null}'],
    ["empty metadata", { metadata: {} }, '{"metadata":{}}']
  ] as const) {
    it(`of update send ${body} for ${what}`, () => {
      expect(JSON.stringify(Schema.decodeUnknownSync(UpdateParams)(params))).toBe(body)
    })
  }
})
