/** The servers that the smoke programs use. */
import { Emulator } from "@effect-avara/emulator"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { freePort } from "../support/listen.js"
import type { Servers } from "./smoke/operations.js"

const customers = 60

/** Starts a server for one smoke program, whose pages of the origin may call it. */
export const serve = Effect.fnUntraced(function* (folder: string, cors?: string) {
  const emulator = Context.get(yield* Layer.build(Emulator.layer({ customers, cors })), Emulator.Emulator)
  return {
    url: emulator.url,
    customers,
    folder,
    dead: `http://127.0.0.1:${yield* freePort}`,
    unknown: "https://nowhere.invalid"
  } satisfies Servers
})
