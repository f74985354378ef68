import { absent, type Declared, reads, refuses, type Theme, theme } from "../support/row.js"

const times: Declared = {
  typescript: "text or `null`",
  python: "optional, may be absent",
  javaAndCsharp: "may be `null` or absent"
}

const noTime = refuses("expected an ISO 8601 date or date-time or null")

const wrongTimes = [
  "",
  1705309200,
  "1705309200",
  "Mon, 15 Jan 2024 09:00:00 GMT",
  "2024-02-30T00:00:00Z",
  "2024-01-15T09:00:00 Europe/Berlin",
  "2024-W03-1",
  "yesterday",
  true,
  {}
]

const createdAt = theme("customer", "createdAt", times, [
  [null, reads(null)],
  [absent, reads(null)],
  ["2024-01-15", reads("2024-01-15T00:00:00.000Z")],
  ["2024-01-15T09:00:00", reads("2024-01-15T09:00:00.000Z")],
  ["2024-01-15 09:00:00", reads("2024-01-15T09:00:00.000Z")],
  ["2024-01-15 09:00:00+00", reads("2024-01-15T09:00:00.000Z")],
  ["2024-01-15T09:00:00+0000", reads("2024-01-15T09:00:00.000Z")],
  ["2024-01-15T09:00:00+00:00", reads("2024-01-15T09:00:00.000Z")],
  ["2024-01-15T09:00:00-08:00", reads("2024-01-15T17:00:00.000Z")],
  ["2024-01-15t09:00:00z", reads("2024-01-15T09:00:00.000Z")],
  ["2024-01-15T09:00Z", reads("2024-01-15T09:00:00.000Z")],
  ["2024-01-15T09:00:00,5Z", reads("2024-01-15T09:00:00.500Z")],
  ["2024-01-15T09:00:00.123456789Z", reads("2024-01-15T09:00:00.123Z")],
  ["2024-01-15T24:00:00Z", reads("2024-01-16T00:00:00.000Z")],
  ["2016-12-31T23:59:60Z", reads("2017-01-01T00:00:00.000Z")],
  ...wrongTimes.map((sent) => [sent, noTime, reads(null)] as const)
])

const updatedAt = theme("customer", "updatedAt", times, [
  [null, reads(null)],
  [absent, reads(null)],
  ["2024-01-15", reads("2024-01-15T00:00:00.000Z")],
  [1705309200, noTime, reads(null)],
  ["", noTime, reads(null)]
])

const wrongId = refuses('expected "cus_" followed by letters, digits, "_" or "-"')

const noString = refuses("expected a string")

const required = refuses("is required")

const expressCustomerId = theme(
  "customer",
  "expressCustomerId",
  { typescript: "text", python: "text", javaAndCsharp: "required" },
  [
    [`cus_${"0123456789abcdef".repeat(4)}`, reads(`cus_${"0123456789abcdef".repeat(4)}`)],
    ["cus_A-b_9", reads("cus_A-b_9")],
    [null, noString],
    [absent, required],
    ["", wrongId],
    ["usr_1234567890abcdef1234567890abcdef", wrongId],
    ["550e8400-e29b-41d4-a716-446655440000", wrongId],
    ["cus_1/../2", wrongId],
    [42, noString]
  ]
)

const wrongName = refuses("expected text of at least 1 character")

const expressCustomerName = theme(
  "customer",
  "expressCustomerName",
  { typescript: "text", python: "text", javaAndCsharp: "required" },
  [
    [" ", reads(" ")],
    [null, noString],
    [absent, required],
    ["", wrongName],
    [42, noString]
  ]
)

const isActive = theme(
  "customer",
  "isActive",
  { typescript: "boolean", python: "boolean", javaAndCsharp: "required" },
  [
    [false, reads(false)],
    [null, refuses("expected a boolean")],
    [absent, required],
    ["true", refuses("expected a boolean")],
    [1, refuses("expected a boolean")]
  ]
)

const noCount = reads(Number.NaN)

const noNumber = refuses("expected a number")

const wrongCount = refuses("expected an integer of at least 0")

const userCount = theme(
  "customer",
  "userCount",
  { typescript: "number", python: "integer", javaAndCsharp: "required" },
  [
    [0, reads(0)],
    [Number.MAX_SAFE_INTEGER, reads(Number.MAX_SAFE_INTEGER)],
    [null, noNumber, noCount],
    [absent, required, noCount],
    ["15", noNumber, noCount],
    [15.5, wrongCount, noCount],
    [-1, wrongCount, noCount],
    [2 ** 53, wrongCount, noCount],
    [true, noNumber, noCount]
  ]
)

const creator: Declared = { typescript: "optional text", python: "optional", javaAndCsharp: "may be `null`" }

const noText = refuses("expected a string or null")

const createdByApiKeyId = theme("customer", "createdByApiKeyId", creator, [
  [null, reads(absent)],
  [absent, reads(absent)],
  ["", reads("")],
  ["key_7", reads("key_7")],
  [7, noText, reads(absent)],
  [{ id: "key_7" }, noText, reads(absent)]
])

const createdByUserId = theme("customer", "createdByUserId", creator, [
  [null, reads(null)],
  [absent, reads(absent)],
  ["", reads("")],
  ["user@example.com", reads("user@example.com")],
  ["auth0|42", reads("auth0|42")],
  [7, noText, reads(absent)],
  [["usr_1"], noText, reads(absent)]
])

const noMap = refuses("expected a map of text to text or null")

const metadata = theme(
  "customer",
  "metadata",
  {
    typescript: "optional map",
    python: "optional",
    javaAndCsharp: "may be `null`; Java takes values of any type"
  },
  [
    [null, reads(absent)],
    [absent, reads(absent)],
    [{}, reads({})],
    [{ "": "", constructor: "text" }, reads({ "": "", constructor: "text" })],
    [[], noMap, reads(absent)],
    ["{}", noMap, reads(absent)],
    [7, noMap, reads(absent)],
    [{ region: "northeast", beds: 12 }, noString, reads({ region: "northeast" })],
    [{ region: null }, noString, reads({})],
    [{ address: { city: "Boston" } }, noString, reads({})]
  ]
)

const unknownField = theme("customer", "plan", { typescript: "kept", python: "kept", javaAndCsharp: "kept" }, [
  ["gold", reads(absent)],
  [{ deep: [1] }, reads(absent)]
])

export const customer: ReadonlyArray<Theme> = [
  createdAt,
  updatedAt,
  expressCustomerId,
  expressCustomerName,
  isActive,
  userCount,
  createdByApiKeyId,
  createdByUserId,
  metadata,
  unknownField
]
