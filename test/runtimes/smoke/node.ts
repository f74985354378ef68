/** The client over undici. */
import { NodeAvara } from "@effect-avara/node"
import * as Effect from "effect/Effect"
import { operations, type Servers } from "./operations.js"

export const run = (servers: Servers): Promise<void> => Effect.runPromise(operations(NodeAvara.layer, servers))
