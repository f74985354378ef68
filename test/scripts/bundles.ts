/** Bundles a program on the packed packages as users do, in both formats, and runs the bundles. */
export const bundler = `
import { execFileSync } from "node:child_process"
import { build } from "esbuild"
import { rollup } from "rollup"
import commonjs from "@rollup/plugin-commonjs"
import json from "@rollup/plugin-json"
import { nodeResolve } from "@rollup/plugin-node-resolve"

const input = "bundled.js"
const problems = []

const check = (title, file) => {
  try {
    const output = execFileSync(process.execPath, [file], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: 30_000 })
    if (output !== "City Medical Center") problems.push(title + " printed " + output)
  } catch (error) {
    problems.push(title + ": " + error.stderr)
  }
}

const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' }
await build({ entryPoints: [input], bundle: true, platform: "node", format: "cjs", outfile: "bundles/esbuild.cjs" })
check("esbuild, cjs", "bundles/esbuild.cjs")
await build({ entryPoints: [input], bundle: true, platform: "node", format: "esm", outfile: "bundles/esbuild.mjs", banner })
check("esbuild, esm", "bundles/esbuild.mjs")

const plugins = [nodeResolve({ exportConditions: ["node"], preferBuiltins: true }), commonjs({ ignore: ["node:sqlite"] }), json()]
const bundle = await rollup({ input, plugins, logLevel: "silent" })
for (const [format, extension] of [["es", "mjs"], ["cjs", "cjs"]]) {
  const dir = "bundles/rollup-" + format
  await bundle.write({ dir, format, entryFileNames: "[name]." + extension, chunkFileNames: "[name]-[hash]." + extension })
  check("rollup, " + format, dir + "/bundled." + extension)
}

console.error(problems.join("\\n"))
process.exit(problems.length === 0 ? 0 : 1)
`

/** Makes one call over a socket, and prints what it returns. */
export const bundled = `
import { createServer } from "node:http"
import { Customers } from "@effect-avara/core"
import { NodeAvara } from "@effect-avara/node"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const id = "cus_" + "0".repeat(32)
const time = "2026-01-01T00:00:00.000Z"
const customer = {
  expressCustomerId: id,
  expressCustomerName: "City Medical Center",
  isActive: true,
  userCount: 0,
  metadata: {},
  createdAt: time,
  updatedAt: time
}
const server = createServer((_, response) => {
  response.setHeader("content-type", "application/json")
  response.end(JSON.stringify(customer))
})
server.listen(0, "127.0.0.1", () => {
  const baseUrl = "http://127.0.0.1:" + server.address().port
  const layer = NodeAvara.layer({ apiKey: Redacted.make("sk_live_" + "0".repeat(32)), baseUrl })
  Effect.flatMap(Customers, (customers) => customers.retrieve(id)).pipe(
    Effect.tap(({ expressCustomerName }) => process.stdout.write(expressCustomerName)),
    Effect.ensuring(Effect.sync(() => server.close())),
    Effect.provide(layer),
    Effect.runPromise
  )
})
`
