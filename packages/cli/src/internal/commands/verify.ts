import { resolve } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Verify from "@effect-avara/export/Verify"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { isTable } from "../form.js"
import { Output } from "../output.js"
import type { Task } from "../services.js"
import { counted, jsonLine, safe } from "../text.js"

export const verify = (file: string): Task =>
  Effect.gen(function* () {
    const { out } = yield* Output
    const { bytes = 0, endedAt, format, rows, sha256 } = yield* Verify.file(file)
    const time = DateTime.formatIso(endedAt)
    const facts = { file: resolve(file), verified: true, format, rows, bytes, sha256, endedAt: time }
    const text = safe`${file} is complete: ${counted(rows, "customer")}, ${counted(bytes, "byte")}, exported ${time}\n`
    yield* out.write((yield* isTable) ? text : jsonLine(facts))
  }).pipe(Effect.provide(NodeFileSystem.layer))
