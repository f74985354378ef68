import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib"
import { AvaraClient, type InvalidResponse } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { head } from "../../support/answerHead.js"
import {
  addUser,
  apiKey,
  type Call,
  clinic,
  create,
  customer,
  deactivate,
  done,
  idOf,
  list,
  reactivate,
  removeUser,
  retrieve,
  update
} from "../support/calls.js"
import { fails, gives } from "../support/result.js"
import type { Row } from "../support/row.js"
import { type Answer, answer, drip, endless, half, json, reset, write } from "../support/server.js"
import { type SocketRow, socketRow } from "../support/socketRow.js"
import { theCustomer } from "./connection.js"

const text = JSON.stringify(clinic)

const bytes = Buffer.from(text)

const packed = (encoding: string, body: Uint8Array): Answer => answer(200, body, { "content-encoding": encoding })

const corrupted = (body: Uint8Array): Uint8Array =>
  body.map((byte, index) => (index > 20 && index < 40 ? byte ^ 0xff : byte))

type Given = Pick<SocketRow, "call" | "open" | "options" | "fetch">

const reads = (fault: string, script: Answer, given: Partial<Given> = {}): Row =>
  socketRow({
    fault,
    call: retrieve,
    server: { script: [script] },
    result: theCustomer,
    requests: 1,
    fetch: true,
    ...given
  })

const rejects = (
  reason: InvalidResponse["reason"],
  fault: string,
  script: Answer,
  issues: string,
  given: Partial<Given> = {}
): Row =>
  socketRow({
    fault,
    call: retrieve,
    server: { script: [script] },
    result: fails("InvalidResponse", { reason, status: 200, issues }),
    requests: 1,
    fetch: true,
    ...given
  })

/** A body that may be complete the next time. */
const rejectsAlways = (fault: string, script: Answer, issues: string, given: Partial<Given> = {}): Row =>
  socketRow({
    fault: `${fault}, every time`,
    call: retrieve,
    server: { script: () => script },
    result: fails("InvalidResponse", { reason: "notJson", issues, attempts: 3 }),
    requests: 3,
    fetch: true,
    ...given
  })

const passing = (fault: string, broken: Answer, call = retrieve, sound: object = clinic, result = theCustomer): Row =>
  socketRow({
    fault: `${fault}, once`,
    call,
    server: { script: [broken, json(sound)] },
    result,
    requests: 2,
    fetch: true
  })

const html = "<html><body><h1>Down for maintenance</h1></body></html>"

const page = answer(200, html, { "content-type": "text/html" })

const cut = answer(200, text.slice(0, 60))

const cutShort = "the body ends before its JSON is complete"

const empty = "expected JSON, not an empty body"

const umlaut = Buffer.from(text.replace("Clinic", "Klinik \u00e4"))

const inCharacter = umlaut.subarray(0, umlaut.indexOf(0xc3) + 1)

const brokenOnce: ReadonlyArray<Row> = [
  ...[retrieve, update, deactivate, reactivate].map((call) => passing("HTML with status 200", page, call)),
  ...[retrieve, update].map((call) => passing("Truncated JSON with a matching content-length", cut, call)),
  passing(
    "HTML with status 200",
    page,
    list,
    { expressCustomers: [clinic], hasMore: false },
    gives("its customers", [idOf(1)])
  ),
  ...[addUser, removeUser].flatMap((call) => [
    passing("HTML with status 200", page, call, done, gives("success", done)),
    passing("Status 204", [write(head(204))], call, done, gives("success", done))
  ]),
  passing("An empty body with status 200", answer(200)),
  passing("The gzip body is truncated", packed("gzip", gzipSync(bytes).subarray(0, -20))),
  passing("The gzip body is corrupted", packed("gzip", corrupted(gzipSync(bytes)))),
  socketRow({
    fault: "HTML with status 200 and `x-should-retry: false`",
    call: retrieve,
    server: { script: [answer(200, html, { "x-should-retry": "false" })] },
    result: fails("InvalidResponse", { reason: "notJson", status: 200, attempts: 1 }),
    requests: 1,
    fetch: true
  })
]

const notJson: ReadonlyArray<Row> = [
  rejectsAlways("HTML with status 200", page, "expected JSON"),
  rejectsAlways("HTML with status 200", page, "expected JSON", { call: update }),
  rejectsAlways("Truncated JSON with a matching content-length", cut, cutShort),
  rejectsAlways("JSON truncated in the middle of a character", answer(200, inCharacter), cutShort),
  rejectsAlways("An empty body with status 200", answer(200), empty),
  rejectsAlways("Status 204", [write(head(204))], empty),
  rejectsAlways("Status 204", [write(head(204))], empty, { call: removeUser }),
  rejectsAlways("White space", answer(200, " \n"), "expected JSON"),
  rejectsAlways("Two JSON values", answer(200, `${text}${text}`), "expected JSON"),
  rejectsAlways("Bytes that are not UTF-8", answer(200, Buffer.from(text, "utf16le")), "expected JSON"),
  rejectsAlways(
    "A name with a byte that is not UTF-8",
    answer(200, Buffer.from(text.replace("Clinic", "Klinik \u00e4"), "latin1")),
    "expected UTF-8 text"
  ),
  rejectsAlways("100,000 opening brackets", answer(200, "[".repeat(100_000)), cutShort)
]

const wrongId = 'expressCustomerId: expected "cus_" followed by letters, digits, "_" or "-"'

const missing = ["expressCustomerId", "expressCustomerName", "isActive", "userCount"]
  .map((name) => `${name}: is required`)
  .join("; ")

const wrongShapes: ReadonlyArray<Row> = [
  rejects("shape", "`null`", json(null), "expected an object"),
  rejects("shape", "An array in place of the object", json([clinic]), "expected an object"),
  rejects("shape", "`userCount` as text", json({ ...clinic, userCount: "15" }), "userCount: expected a number"),
  rejects("shape", "`isActive` is missing", json({ ...clinic, isActive: undefined }), "isActive: is required"),
  rejects("shape", "`isActive` is null", json({ ...clinic, isActive: null }), "isActive: expected a boolean"),
  rejects(
    "shape",
    "A date that does not exist",
    json({ ...clinic, createdAt: "2024-02-30T00:00:00Z" }),
    "createdAt: expected an ISO 8601 date or date-time or null"
  ),
  rejects(
    "shape",
    "An id that is not allowed in a path",
    json({ ...clinic, expressCustomerId: "cus_../secret" }),
    wrongId
  ),
  rejects(
    "shape",
    "A customer in the middle of a page is malformed",
    json({ expressCustomers: [clinic, { ...customer(2), userCount: -1 }], hasMore: false }),
    "expressCustomers[1].userCount: expected an integer of at least 0",
    { call: list }
  ),
  rejects("shape", "`success` is missing", json({ message: "ok" }), "success: is required", { call: addUser }),
  rejects(
    "shape",
    "`metadata` contains objects nested 10,000 levels deep",
    answer(200, text.replace(/}$/, `,"metadata":{"a":${'{"a":'.repeat(10_000)}1${"}".repeat(10_001)}}`)),
    "metadata.…: expected a string"
  )
]

const ofAnother: ReadonlyArray<Row> = [retrieve, update, deactivate, reactivate].map((call) =>
  rejects(
    "shape",
    "A response about another customer",
    json(customer(2)),
    "expressCustomerId: is the id of another customer",
    {
      call
    }
  )
)

const odd: ReadonlyArray<Row> = [
  reads("JSON as `text/plain`", answer(200, text, { "content-type": "text/plain" })),
  reads("JSON without a content-type", answer(200, text)),
  reads(
    "JSON with the wrong character set in its content-type",
    answer(200, text, { "content-type": "application/json; charset=latin1" })
  ),
  reads("A byte order mark before the JSON", answer(200, `\uFEFF${text}`)),
  reads("An unknown field", json({ ...clinic, plan: { tier: "gold" } })),
  reads("A duplicate field whose last value is valid", answer(200, text.replace("{", '{"userCount":"many",'))),
  reads(
    "An unknown field nested 10,000 levels deep",
    answer(200, text.replace("{", `{"plan":${"[".repeat(10_000)}${"]".repeat(10_000)},`))
  ),
  reads("Status 201", json(clinic, 201), { call: create }),
  reads("The body arrives one byte at a time", [
    write(head(200, { "content-length": String(text.length) })),
    drip(text, 1)
  ])
]

const wrongPacking = "expected a body compressed as its content-encoding says"

const unfinished = "the body ends before its compressed data is complete"

const otherPacking = "expected a body compressed with gzip, deflate or br, at most 5 times, or not at all"

const overDefault = "expected a body of at most 75497472 bytes: raise maxBodySize"

const bomb = gzipSync(Buffer.alloc(128 * 1024 * 1024, " "))

const twice = brotliCompressSync(gzipSync(bytes))

const timesPacked = (times: number): Answer =>
  packed(
    Array.from({ length: times }, () => "gzip").join(", "),
    Array.from({ length: times }).reduce<Uint8Array>((body) => gzipSync(body), bytes)
  )

const compressed: ReadonlyArray<Row> = [
  reads("The body is gzip", packed("gzip", gzipSync(bytes))),
  reads("The body is deflate", packed("deflate", deflateSync(bytes))),
  reads("The body is raw deflate, without a zlib header", packed("deflate", deflateRawSync(bytes))),
  reads("The body is br", packed("br", brotliCompressSync(bytes))),
  reads("The body is compressed with gzip, then with br", packed("gzip, br", twice)),
  reads(
    "The body is compressed with gzip, then with br, with unusual spacing and letter case",
    packed(" GZip ,\tBR ", twice)
  ),
  reads(
    "The body is compressed with gzip, then with br, in two headers",
    answer(200, twice, { "content-encoding": "gzip", "Content-Encoding": "br" })
  ),
  reads("The body is compressed with gzip 5 times", timesPacked(5)),
  reads("The response has `content-encoding: identity`", packed("identity", bytes)),
  rejects("encoding", "The body is compressed with gzip 6 times", timesPacked(6), otherPacking, { fetch: false }),
  rejectsAlways("The gzip body is corrupted", packed("gzip", corrupted(gzipSync(bytes))), wrongPacking),
  rejectsAlways("The deflate body is corrupted", packed("deflate", corrupted(deflateSync(bytes))), wrongPacking),
  rejectsAlways("The br body is corrupted", packed("br", corrupted(brotliCompressSync(bytes))), wrongPacking, {
    fetch: false
  }),
  rejectsAlways("The gzip body is truncated", packed("gzip", gzipSync(bytes).subarray(0, -20)), unfinished, {
    fetch: false
  }),
  rejectsAlways("The br body is truncated", packed("br", brotliCompressSync(bytes).subarray(0, -20)), unfinished, {
    fetch: false
  }),
  rejectsAlways("The response declares gzip, but its body is not compressed", packed("gzip", bytes), wrongPacking),
  rejectsAlways(
    "The response declares gzip and br, but its body is only gzip",
    packed("gzip, br", gzipSync(bytes)),
    wrongPacking,
    {
      fetch: false
    }
  ),
  rejects(
    "encoding",
    "A compression that the client did not offer (compress)",
    packed("compress", gzipSync(bytes)),
    otherPacking
  ),
  rejects(
    "encoding",
    "A compression that the client did not offer (zstd)",
    packed("gzip, zstd", gzipSync(bytes)),
    otherPacking,
    {
      fetch: false
    }
  ),
  rejects("tooLarge", "120 KB of gzip that decompress to 128 MB", packed("gzip", bomb), overDefault),
  rejects(
    "tooLarge",
    "200 bytes of doubly compressed gzip that decompress to 128 MB",
    packed("gzip, gzip", gzipSync(bomb)),
    overDefault
  )
]

const small = { maxBodySize: 100 }

const tooLarge = "expected a body of at most 100 bytes: raise maxBodySize"

const large: ReadonlyArray<Row> = [
  rejects("tooLarge", "A body over `maxBodySize`", json(clinic), tooLarge, { options: small }),
  rejects(
    "tooLarge",
    "A chunked body over `maxBodySize`",
    [write(head(200, { "transfer-encoding": "chunked" })), write(`fff\r\n${" ".repeat(4095)}\r\n`)],
    tooLarge,
    { options: small, open: 0 }
  ),
  rejects(
    "tooLarge",
    "A body that never ends",
    [write(head(200, { "transfer-encoding": "chunked" })), endless(Buffer.from(`ffff\r\n${" ".repeat(0xffff)}\r\n`))],
    overDefault,
    { open: 0 }
  ),
  reads("A body of exactly `maxBodySize`", json(clinic), { options: { maxBodySize: text.length } }),
  reads(
    "A body of exactly `maxBodySize`, which the first of two compressions makes larger",
    packed("gzip, br", brotliCompressSync(gzipSync(bytes, { level: 0 }))),
    {
      options: { maxBodySize: text.length }
    }
  )
]

const refused = (fault: string, script: Answer, result: SocketRow["result"], open = 1): Row =>
  socketRow({ fault, call: retrieve, server: { script: () => script }, result, requests: 1, open, fetch: true })

const notFound = fails("NotFound", { resource: "customer", id: idOf(1) })

const refusals: ReadonlyArray<Row> = [
  refused("404 with HTML", answer(404, html), notFound),
  refused("404 without a body", answer(404), notFound),
  refused("404 with a gzip body", answer(404, gzipSync("{}"), { "content-encoding": "gzip" }), notFound),
  refused("404 with a corrupted gzip body", answer(404, bytes, { "content-encoding": "gzip" }), notFound),
  refused("404, reset in the middle of its body", [...half(clinic, 404), reset], notFound, 0),
  refused(
    "404 with a body that never ends",
    [write(head(404, { "transfer-encoding": "chunked" })), endless(Buffer.from(`ffff\r\n${" ".repeat(0xffff)}\r\n`))],
    notFound,
    0
  ),
  refused(
    "422 with 1000 issues",
    json({ errors: Array.from({ length: 1000 }, () => ({ path: ["x"], message: "bad" })) }, 422),
    fails("Validation", { source: "server", issues: Array.from({ length: 50 }, () => "x: bad").join("; ") })
  )
]

/** The last response of the call, as the caller may read it. */
const seenBy = ({ run, text }: Call): Call => ({
  text: `withResponse(Effect.either(${text}))`,
  run: (api) =>
    Effect.map(AvaraClient.withResponse(Effect.either(run(api))), ({ response }) =>
      Option.getOrNull(Option.map(response, ({ attempts, json, status, text }) => ({ attempts, status, json, text })))
    )
})

const shows = (
  fault: string,
  call: Call,
  script: ReadonlyArray<Answer>,
  value: { readonly status: number; readonly text: string; readonly json: unknown }
): Row =>
  socketRow({
    fault,
    call: seenBy(call),
    server: { script },
    transport: { connections: 1 },
    result: gives(`its status ${value.status} and its body`, { attempts: script.length, ...value }),
    requests: script.length,
    fetch: true
  })

const noSeat = { error: { code: "no_seat", plan: "gold" } }

const shown: ReadonlyArray<Row> = [
  shows("Status 409 with JSON", update, [json(noSeat, 409)], {
    status: 409,
    text: JSON.stringify(noSeat),
    json: noSeat
  }),
  shows("Status 404 with HTML", retrieve, [answer(404, html)], { status: 404, text: html, json: undefined }),
  shows("Status 502, then status 422 with JSON", update, [answer(502, html), json(noSeat, 422)], {
    status: 422,
    text: JSON.stringify(noSeat),
    json: noSeat
  }),
  shows("HTML with status 200, every time", retrieve, [page, page, page], { status: 200, text: html, json: undefined })
]

/** The server repeats the key, which no error may show; every row of every theme is checked for it. */
const echoes: ReadonlyArray<Row> = [
  refused(
    "401 that repeats the key in its message",
    json({ error: { message: `there is no key ${apiKey}` } }, 401),
    fails("Unauthorized", { detail: "there is no key <redacted>" })
  ),
  refused(
    "401 that repeats the key in its text, its request id, and a field name",
    answer(401, `no ${apiKey}`, { "x-request-id": apiKey, [apiKey]: apiKey }),
    fails("Unauthorized", { detail: "no <redacted>", requestId: "<redacted>" })
  ),
  refused(
    "422 that repeats the key in its paths and messages",
    json({ errors: [{ path: [apiKey, "a"], message: `Bearer ${apiKey}` }] }, 422),
    fails("Validation", { issues: "<redacted>.a: <redacted>" })
  ),
  refused("501 with HTML that repeats the key", answer(501, `<p>${apiKey}</p>`), fails("ServerError", { status: 501 })),
  refused(
    "302 that repeats the key in its location",
    answer(302, "", { location: `/login?key=${apiKey}` }),
    fails("UnexpectedStatus", { status: 302 })
  ),
  rejectsAlways(
    "HTML with status 200 that repeats the key",
    answer(200, `<a href="${apiKey}">${apiKey}</a>`),
    "expected JSON"
  ),
  rejects("shape", "JSON that repeats the key as a field name and its value", json({ [apiKey]: apiKey }), missing),
  rejects("shape", "An `id` that is the key", json({ ...clinic, expressCustomerId: apiKey }), wrongId),
  rejects(
    "shape",
    "Metadata with the key as a name and a value that is not text",
    json({ ...clinic, metadata: { [apiKey]: 1 } }),
    "metadata.…: expected a string"
  ),
  rejectsAlways(
    "The key in bytes that are not UTF-8",
    answer(200, Buffer.from(`"\u00e4${apiKey}"`, "latin1")),
    "expected UTF-8 text"
  )
]

export const answers: ReadonlyArray<Row> = [
  ...brokenOnce,
  ...notJson,
  ...wrongShapes,
  ...ofAnother,
  ...odd,
  ...compressed,
  ...large,
  ...refusals,
  ...shown,
  ...echoes
]
