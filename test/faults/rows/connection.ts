import * as assert from "node:assert/strict"
import { AvaraClient, RetryPolicy } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import { head } from "../../support/answerHead.js"
import { type Call, clinic, create, retrieve } from "../support/calls.js"
import { broken, clockRow, reply } from "../support/clockRow.js"
import { turns } from "../support/resources.js"
import { fails, gives } from "../support/result.js"
import type { Row } from "../support/row.js"
import { type Answer, answer, certificate, close, half, halfHead, json, reset, write } from "../support/server.js"
import { type SocketRow, socketRow } from "../support/socketRow.js"

export const theCustomer = gives("the customer", clinic)

const once = (fault: string, broken: Answer): Row =>
  socketRow({
    fault: `${fault}, once`,
    call: retrieve,
    server: { script: [broken, json(clinic)] },
    result: theCustomer,
    requests: 2,
    fetch: true
  })

const always = (fault: string, broken: Answer, reason: "reset" | "closed" | "malformed"): Row =>
  socketRow({
    fault: `${fault}, every time`,
    call: retrieve,
    server: { script: () => broken },
    result: fails("ConnectionFailed", { reason, sent: "maybe" }),
    requests: 3,
    open: 0,
    fetch: true
  })

const breaks: ReadonlyArray<Row> = [
  once("The connection is reset before the headers", [reset]),
  once("The connection is reset in the middle of the headers", [...halfHead, reset]),
  once("The connection is reset in the middle of the body", [...half(clinic), reset]),
  once("The connection is closed before the headers", [close]),
  once("The connection is closed in the middle of the headers", [...halfHead, close]),
  once("The connection is closed in the middle of the body", [...half(clinic), close]),
  always("The connection is reset before the headers", [reset], "reset"),
  always("The connection is reset in the middle of the body", [...half(clinic), reset], "reset"),
  always("The connection is closed before the headers", [close], "closed"),
  always("The connection is closed in the middle of the body", [...half(clinic), close], "closed")
]

const chunkedHead = head(200, { "content-type": "application/json", "transfer-encoding": "chunked" })

const tooShort = answer(200, JSON.stringify(clinic), { "content-length": "9" })

const twoAnswers = [...json(clinic), ...json({ ...clinic, expressCustomerName: "somebody else" })]

const ssh = "SSH-2.0-OpenSSH_9.6\r\n\r\n"

const malformed: ReadonlyArray<readonly [fault: string, text: string | Uint8Array]> = [
  ["A chunk of the body has no size", `${chunkedHead}5\r\n{"exp\r\nnonsense\r\n`],
  ["The response is not HTTP", ssh],
  ["The headers never end", `HTTP/1.1 200 OK\r\n${"x-a: 0123456789\r\n".repeat(2000)}`],
  ["The status is not a number", "HTTP/1.1 abc OK\r\n\r\n"],
  ["A header has no colon", "HTTP/1.1 200 OK\r\nbad header\r\n\r\n"],
  ["A header contains a NUL", "HTTP/1.1 200 OK\r\nx-a: a\0b\r\n\r\n"],
  ["The content-length is not a number", "HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n"],
  [
    "There are two content-lengths",
    `${head(200, { "content-length": "5" }).trimEnd()}\r\ncontent-length: 6\r\n\r\nhello`
  ],
  ["The server speaks HTTP/2", Uint8Array.of(0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100)],
  ["The server expects TLS, and the client speaks plain HTTP", Uint8Array.of(0x15, 3, 1, 0, 2, 2, 40)],
  ["The server switches to another protocol (101)", head(101, { connection: "upgrade", upgrade: "h2c" })],
  ["The server asks for the rest of the request (100)", head(100)]
]

const framing: ReadonlyArray<Row> = [
  always(
    "The content-length is longer than the body",
    [write(head(200, { "content-length": "9999" }) + JSON.stringify(clinic)), close],
    "closed"
  ),
  socketRow({
    fault: "The content-length is shorter than the body",
    call: retrieve,
    server: { script: () => tooShort },
    result: fails("InvalidResponse", { reason: "notJson", issues: "the body ends before its JSON is complete" }),
    requests: 3,
    open: 0,
    fetch: true
  }),
  socketRow({
    fault: "The previous response had a content-length that was too short: its rest is not read as a response",
    call: retrieve,
    server: { script: [tooShort, json(clinic)] },
    before: (_, { customers }) =>
      AvaraClient.withOptions({ retry: RetryPolicy.none })(Effect.flip(customers.retrieve(clinic.expressCustomerId))),
    result: theCustomer,
    requests: 1
  }),
  socketRow({
    fault: "An unsolicited response followed the previous one",
    call: retrieve,
    server: { script: [twoAnswers, json(clinic)] },
    before: (_, { customers }) => customers.retrieve(clinic.expressCustomerId),
    result: theCustomer,
    requests: 1
  }),
  always("The body ends before its last chunk", [write(`${chunkedHead}5\r\n{"exp\r\n`), close], "closed"),
  ...malformed.map(([fault, text]) => always(fault, [write(text)], "malformed")),
  socketRow({
    fault: "The response is not HTTP",
    call: create,
    server: { script: () => [write(ssh)] },
    result: fails("OutcomeUnknown", { reason: "ConnectionFailed" }),
    requests: 1,
    open: 0,
    fetch: true
  }),
  socketRow({
    fault: "Early hints (103) precede the response",
    call: retrieve,
    server: { script: [[write(head(103, { link: "</style.css>" })), ...json(clinic)]] },
    result: theCustomer,
    requests: 1,
    fetch: true
  })
]

const gone = (fault: string, call: Call): Row =>
  socketRow({
    fault,
    call,
    server: { gone: true },
    result: fails("ConnectionFailed", { reason: "refused", sent: "no", code: "ECONNREFUSED", attempts: 3 }),
    requests: 0,
    open: 0,
    fetch: true
  })

const addresses: ReadonlyArray<Row> = [
  gone("Nothing listens at the address", retrieve),
  gone("Nothing listens at the address", create),
  clockRow({
    fault: "Nothing listens at the address at first",
    call: create,
    replies: [broken("ECONNREFUSED"), reply(200, clinic)],
    result: theCustomer,
    requests: 2,
    at: [0, 250],
    note: "never sent, so sent again"
  }),
  clockRow({
    fault: "The name cannot be resolved at first (`EAI_AGAIN`)",
    call: create,
    replies: [broken("EAI_AGAIN"), reply(200, clinic)],
    result: theCustomer,
    requests: 2,
    at: [0, 250],
    note: "never sent, so sent again"
  }),
  clockRow({
    fault: "The name does not exist (`ENOTFOUND`)",
    call: create,
    replies: () => broken("ENOTFOUND"),
    result: fails("ConnectionFailed", { reason: "dns", sent: "no", code: "ENOTFOUND" }),
    requests: 4,
    at: [0, 250, 750, 1750]
  }),
  socketRow({
    fault: "The name ends in `.invalid`",
    call: retrieve,
    server: {},
    options: { baseUrl: "https://api.avara.invalid" },
    result: fails("ConnectionFailed", { reason: "dns", sent: "no", attempts: 3 }),
    requests: 0,
    open: 0,
    fetch: true
  })
]

const untrusted = (fault: string, server: SocketRow["server"], code: string, call = retrieve): Row =>
  socketRow({
    fault,
    call,
    server,
    https: true,
    transport: { ca: certificate("ca") },
    result: fails("ConnectionFailed", { reason: "tls", sent: "no", code, attempts: 1 }),
    requests: 0,
    open: 0
  })

const encryption: ReadonlyArray<Row> = [
  socketRow({
    fault: "None: the certificate is from an authority that the client trusts",
    call: retrieve,
    server: { certificate: "server", script: [json(clinic)] },
    transport: { ca: certificate("ca") },
    result: theCustomer,
    requests: 1
  }),
  untrusted("The certificate is for another name", { certificate: "wrong-name" }, "ERR_TLS_CERT_ALTNAME_INVALID"),
  untrusted(
    "The certificate is for another name",
    { certificate: "wrong-name" },
    "ERR_TLS_CERT_ALTNAME_INVALID",
    create
  ),
  untrusted("The certificate has expired", { certificate: "expired" }, "CERT_HAS_EXPIRED"),
  untrusted("The certificate is self-signed", { certificate: "self-signed" }, "DEPTH_ZERO_SELF_SIGNED_CERT"),
  untrusted(
    "The server speaks plain HTTP, and the client expects TLS",
    { greeting: answer(400) },
    "ERR_SSL_WRONG_VERSION_NUMBER"
  ),
  socketRow({
    fault: "The server accepts the connection, but never completes the TLS handshake",
    call: create,
    server: {},
    https: true,
    transport: { connectTimeout: "200 millis" },
    options: { retry: RetryPolicy.none },
    result: fails("ConnectionFailed", { reason: "other", sent: "no", code: "UND_ERR_CONNECT_TIMEOUT", attempts: 1 }),
    requests: 0,
    open: 0
  })
]

/** A preceding call whose connection the next call uses. */
const pooled: SocketRow["before"] = (_, { customers }) =>
  Effect.zipRight(customers.retrieve(clinic.expressCustomerId), turns)

const onPooled: SocketRow["seen"] = ([request]) => assert.equal(request?.connection, 1)

/** A preceding call whose connection is closed. */
const unpooled: SocketRow["before"] = (server, { customers }) =>
  Effect.zipRight(
    customers.retrieve(clinic.expressCustomerId),
    server.until("the connection is closed", () => server.open() === 0)
  )

const closing = { connection: "close" }

const pool: ReadonlyArray<Row> = [
  socketRow({
    fault: "The server closes the pooled connection just as the next request arrives",
    call: retrieve,
    server: { script: [json(clinic), [close], json(clinic)] },
    before: pooled,
    seen: onPooled,
    result: theCustomer,
    requests: 2,
    fetch: true
  }),
  socketRow({
    fault: "The server resets the pooled connection just as the next request arrives",
    call: retrieve,
    server: { script: [json(clinic), [reset], json(clinic)] },
    before: pooled,
    seen: onPooled,
    result: theCustomer,
    requests: 2,
    fetch: true
  }),
  socketRow({
    fault: "The server closes the pooled connection just as a create arrives",
    call: create,
    server: { script: [json(clinic), [close]] },
    before: pooled,
    seen: onPooled,
    result: fails("OutcomeUnknown", { reason: "ConnectionFailed" }),
    requests: 1,
    open: 0,
    fetch: true
  }),
  ...[retrieve, create].map((call) =>
    socketRow({
      fault: "The server closed the pooled connection after the previous call",
      call,
      server: { script: [[...json(clinic), close], json(clinic)] },
      before: unpooled,
      result: theCustomer,
      requests: 1,
      fetch: true
    })
  ),
  ...[retrieve, create].map((call) =>
    socketRow({
      fault:
        "The server closes the connection right after the previous response, without `connection: close`, and the next call follows immediately",
      call,
      server: { script: [[...json(clinic), close], json(clinic)] },
      before: (_, { customers }) => customers.retrieve(clinic.expressCustomerId),
      result: theCustomer,
      requests: 1
    })
  ),
  socketRow({
    fault: "The server sends `connection: close` and closes",
    call: create,
    server: { script: [[...json(clinic, 200, closing), close]] },
    result: theCustomer,
    requests: 1,
    open: 0,
    fetch: true
  }),
  socketRow({
    fault: "The server sends `connection: close` and does not close",
    call: create,
    server: { script: [json(clinic, 200, closing)] },
    result: theCustomer,
    requests: 1,
    open: 0,
    fetch: true
  })
]

export const connection: ReadonlyArray<Row> = [...breaks, ...framing, ...addresses, ...encryption, ...pool]
