import {
  addUser,
  type Call,
  clinic,
  deactivate,
  done,
  idOf,
  reactivate,
  removeUser,
  update,
  userId
} from "../support/calls.js"
import { fails, gives, type Result } from "../support/result.js"
import type { Row } from "../support/row.js"
import { type Answer, answer, json, reset } from "../support/server.js"
import { socketRow } from "../support/socketRow.js"
import { theCustomer } from "./connection.js"

const row = (fault: string, call: Call, script: ReadonlyArray<Answer>, result: Result): Row =>
  socketRow({
    fault,
    call,
    server: { script },
    transport: { connections: 1 },
    result,
    requests: script.length,
    fetch: true
  })

const success = gives("success", done)

const conflict = json({ message: "already assigned" }, 409)

const noMember = json({ message: "this user is not assigned" }, 404)

const noCustomer = json({ message: "no such clinic" }, 404)

const noSeat = json({ message: "no seats left for this user" }, 409)

const unknownUser = json({ message: "the user was not found" }, 404)

const inactive = json({ ...clinic, isActive: false })

export const writes: ReadonlyArray<Row> = [
  ...[update, deactivate, reactivate].map((call) =>
    row("The response is lost in a reset: repeating the request is safe", call, [[reset], json(clinic)], theCustomer)
  ),
  row("The response is lost in a reset", addUser, [[reset], json(done)], success),
  row(
    "The response is lost in a reset, the second attempt gets 409",
    addUser,
    [[reset], conflict, json(clinic)],
    success
  ),
  row(
    "The response is lost in a reset, the second attempt gets 409 for another reason",
    addUser,
    [[reset], noSeat, json(clinic)],
    fails("Conflict", { attempts: 2 })
  ),
  row(
    "HTML with status 200, the second attempt gets 409",
    addUser,
    [answer(200, "<html>"), conflict, json(clinic)],
    success
  ),
  row(
    "Status 204, the second attempt gets 404: there is no such membership",
    removeUser,
    [answer(204), noMember],
    success
  ),
  row("Status 500, the second attempt gets 409", addUser, [answer(500), conflict, json(clinic)], success),
  row(
    "The response is lost in a reset, the second attempt gets 409, and the customer is deactivated",
    addUser,
    [[reset], conflict, inactive],
    fails("Inactive", { id: idOf(1), attempts: 2 })
  ),
  row(
    "The response is lost in a reset, the second attempt gets 409, and the customer cannot be read",
    addUser,
    [[reset], conflict, answer(403)],
    fails("Conflict", { attempts: 2 })
  ),
  row(
    "Status 429, the second attempt gets 409",
    addUser,
    [answer(429), conflict, json(clinic)],
    fails("Conflict", { attempts: 2 })
  ),
  row("Status 409 at the first attempt", addUser, [conflict, json(clinic)], fails("Conflict", { attempts: 1 })),
  row(
    "Status 409 at the first attempt, and the customer is deactivated",
    addUser,
    [conflict, inactive],
    fails("Inactive", { attempts: 1 })
  ),
  row(
    "Status 403, and the customer is deactivated",
    addUser,
    [answer(403), inactive],
    fails("Inactive", { attempts: 1 })
  ),
  row(
    "Status 400 that says that the customer is inactive",
    addUser,
    [json({ error: { code: "customer_inactive", message: "Customer is inactive" } }, 400)],
    fails("Inactive", { id: idOf(1), detail: "Customer is inactive" })
  ),
  row("The response is lost in a reset", removeUser, [[reset], json(done)], success),
  row(
    "The response is lost in a reset, the second attempt gets 404: there is no such membership",
    removeUser,
    [[reset], noMember],
    success
  ),
  row(
    "The response is lost in a reset, the second attempt gets 404: there is no such customer",
    removeUser,
    [[reset], noCustomer],
    fails("NotFound", { resource: "customer", id: idOf(1) })
  ),
  row(
    "The response is lost in a reset, the second attempt gets 404: there is no such user",
    removeUser,
    [[reset], unknownUser],
    fails("NotFound", { resource: "user", id: userId, attempts: 2 })
  ),
  row("There is no such membership", removeUser, [noMember], fails("NotFound", { resource: "user", id: userId })),
  row(
    "`success: false` with status 200",
    removeUser,
    [json({ success: false, message: "not today" })],
    fails("Conflict", { detail: "not today" })
  )
]
