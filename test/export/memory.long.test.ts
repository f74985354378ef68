import * as path from "node:path"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { apiKey, command, temporaryDirectory } from "../../packages/cli/test/support.js"
import { largestCustomers, measured } from "../hostile/support/largest.js"
import { scaled } from "../support/scale.js"

/** Parquet keeps rows in memory until a row group is full. */
const pagesOf = (name: string) => scaled(name.endsWith(".parquet") ? 100 : 30)

/** Three bytes of UTF-8 per character: 165 KB per customer. */
const character = "\u6f22"

/** A page is 50 MB of JSON. The SQLite driver holds a copy of the data that it writes. */
const mostOf = (name: string) => (name.endsWith(".db") ? 320 : 288)

const mostOfVerify = 128

describe("an export of the largest customers", () => {
  for (const [name, ...args] of [
    ["customers.ndjson"],
    ["customers.json"],
    ["customers.csv"],
    ["columns.csv", "--metadata", "columns"],
    ["customers.parquet"],
    ["map.parquet", "--metadata", "map"],
    ["customers.db"]
  ] as const) {
    it.scopedLive(`and its check stay under ${mostOf(name)} MiB as ${[name, ...args].join(" ")}`, () =>
      Effect.gen(function* () {
        const file = path.join(yield* temporaryDirectory, name)
        const pages = pagesOf(name)
        const env = { AVARA_API_KEY: apiKey, AVARA_BASE_URL: yield* largestCustomers(character, pages) }
        const to = name.endsWith(".db") ? ["--to", `sqlite:${file}`] : ["--out", file]
        const exported = yield* measured(["export", "customers", ...to, ...args, "--json"], env, command())
        expect(exported).toMatchObject({ code: 0 })
        expect(JSON.parse(exported.stdout)).toMatchObject({ rows: 100 * pages, duplicates: 0 })
        expect(exported.peakMebibytes).toBeLessThan(mostOf(name))
        if (name.endsWith(".db")) return
        const verified = yield* measured(["verify", file], env, command())
        expect(verified).toMatchObject({ code: 0 })
        expect(verified.peakMebibytes).toBeLessThan(mostOfVerify)
      })
    )
  }
})
