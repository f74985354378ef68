import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as path from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { expect } from "@effect/vitest"
import { Format, Verify } from "@effect-avara/export"
import * as Effect from "effect/Effect"
import { type Case, customers, type Inspect, testCases } from "./randomKills.js"
import { directory } from "./support.js"

const hashOf = (file: string) => createHash("sha256").update(fs.readFileSync(file)).digest("hex")

const leftovers = (file: string) =>
  fs
    .readdirSync(path.dirname(file))
    .filter((name) => name.startsWith(path.basename(file)))
    .sort()

const inspectFile: Inspect = (file) =>
  Effect.gen(function* () {
    const manifest = yield* Verify.file(file)
    expect(manifest.rows).toBe(customers)
    expect(leftovers(file)).toEqual([path.basename(file), `${path.basename(file)}.manifest.json`])
    return hashOf(file)
  }).pipe(Effect.orDie, Effect.provide(NodeFileSystem.layer))

const fileCase = (format: string, folder: string): Case => ({
  format,
  destination: (index) =>
    Effect.sync(() => {
      const made = path.join(folder, `${format}-${index}`)
      fs.mkdirSync(made)
      return path.join(made, `customers.${format}`)
    }),
  inspect: inspectFile,
  afterKill: (file, expected) =>
    Effect.sync(() => {
      if (fs.existsSync(file)) expect(hashOf(file)).toBe(expected)
    })
})

testCases(
  Object.fromEntries(
    Format.names.map((format) => [format, Effect.map(directory, (folder) => fileCase(format, folder))])
  )
)
