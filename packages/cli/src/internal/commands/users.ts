import { CustomerUsers } from "@effect-avara/core"
import * as Effect from "effect/Effect"
import * as Client from "../client.js"
import { isTable } from "../form.js"
import { Output } from "../output.js"
import type { Task } from "../services.js"
import { jsonLine, safe } from "../text.js"

const change = (operation: "add" | "remove", customerId: string, userId: string): Task =>
  Effect.gen(function* () {
    const users = yield* CustomerUsers
    const { out } = yield* Output
    const response = yield* users[operation](customerId, userId)
    const sentence =
      operation === "add" ? safe`${userId} added to ${customerId}` : safe`${userId} removed from ${customerId}`
    yield* out.write((yield* isTable) ? safe`${sentence}\n` : jsonLine(response))
  }).pipe(Effect.provide(Client.layer()))

export const add = (customerId: string, userId: string): Task => change("add", customerId, userId)

export const remove = (customerId: string, userId: string): Task => change("remove", customerId, userId)
