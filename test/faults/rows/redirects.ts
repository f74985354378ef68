import { addUser, type Call, clinic, create, list, removeUser, retrieve, update } from "../support/calls.js"
import { fails, type Result } from "../support/result.js"
import type { Row } from "../support/row.js"
import { answer, json, type Seen } from "../support/server.js"
import { socketRow } from "../support/socketRow.js"

const within = (status: number, call: Call, result: Result): Row =>
  socketRow({
    fault: `${status} to another path of the same server`,
    call,
    server: {
      script: ({ path }: Seen) =>
        path === "/elsewhere" ? json(clinic) : answer(status, "", { location: "/elsewhere" })
    },
    result,
    requests: 1,
    fetch: true
  })

const across = (status: number, call: Call, result: Result): Row =>
  socketRow({
    fault: `${status} to another server`,
    call,
    server: (other) => ({
      script: () => answer(status, "", { location: `http://127.0.0.1:${other.port}/v1/express` })
    }),
    result,
    requests: 1,
    fetch: true,
    note: "the other server receives nothing"
  })

const stays = (status: number) => fails("UnexpectedStatus", { status })

export const redirects: ReadonlyArray<Row> = [
  ...[301, 302, 307].map((status) => within(status, retrieve, stays(status))),
  ...[301, 302, 303, 307, 308].map((status) => across(status, list, stays(status))),
  ...[307, 308].map((status) => across(status, create, stays(status))),
  ...[302, 303].map((status) =>
    across(status, create, fails("OutcomeUnknown", { reason: "UnexpectedStatus", status }))
  ),
  ...[update, addUser, removeUser].map((call) => across(307, call, stays(307))),
  within(302, update, stays(302))
]
