import * as assert from "node:assert/strict"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Customers } from "@effect-avara/core"
import { NodeAvara } from "@effect-avara/node"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { runAgainst } from "../../../packages/cli/test/inProcess.js"
import { apiKey, command, envOf, jsonLinesOf, run, temporaryDirectory } from "../../../packages/cli/test/support.js"
import { idOf } from "../../faults/support/calls.js"
import { type ListScript, listServer, numbers } from "../support/listServer.js"
import type { Row } from "../support/row.js"

const all = numbers(1, 351)

const without = (gone: ReadonlyArray<number>) => all.filter((number) => !gone.includes(number))

/** The first list for `requests` requests, then the second one. */
const after = (requests: number, later: ReadonlyArray<number>) => (request: number) =>
  request < requests ? all : later

const front = numbers(11, 31)

const end = numbers(251, 351)

const exportTo = (file: string, url: string, args: ReadonlyArray<string>) =>
  runAgainst(url, ["export", "customers", "--out", file, ...args])

const verified = ["--verify", "overlap"]

const expectRows = (file: string, expected: ReadonlyArray<number>): void =>
  assert.deepEqual(
    jsonLinesOf(readFileSync(file, "utf8")).map((line) => line["expressCustomerId"]),
    expected.map(idOf)
  )

const target = Effect.map(temporaryDirectory, (directory) => join(directory, "customers.ndjson"))

/** Exports a list to its end and returns the rows. */
const exporting = (script: ListScript, args: ReadonlyArray<string>, expected: ReadonlyArray<number>): Row["check"] =>
  Effect.gen(function* () {
    const file = yield* target
    const { code, stderr } = yield* exportTo(file, yield* listServer(script), args)
    assert.equal(code, 0, stderr)
    expectRows(file, expected)
  })

/** An export that stops after `pages` pages and resumes when the server's list has changed. */
const interrupted = (pages: number, before: ReadonlyArray<number>, later: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const file = yield* target
    const rows = (request: number) => (request <= pages ? before : later)
    const url = yield* listServer({ rows, fails: (request) => request === pages })
    const { code, stderr } = yield* exportTo(file, url, verified)
    assert.equal(code, 7, stderr)
    return { file, url }
  })

/** The number of customers on the first 3 pages; each page after the first repeats one. */
const readBefore = 298

const streamed = (script: ListScript, expected: ReadonlyArray<number>): Row["check"] =>
  Effect.gen(function* () {
    const baseUrl = yield* listServer(script)
    const client = NodeAvara.layer({ apiKey: Redacted.make(apiKey), baseUrl })
    const found = yield* Customers.pipe(
      Effect.flatMap((customers) => Stream.runCollect(customers.stream({ parallel: 4 }))),
      Effect.provide(client)
    )
    assert.deepEqual(
      Chunk.toReadonlyArray(found).map(({ expressCustomerId }) => expressCustomerId),
      expected.map(idOf)
    )
  })

/** 130 of them exceed the memory of the command. */
const longCursor = (offset: number): string => `${offset}-${"x".repeat(400_000)}`

const onLittleMemory = ([node = process.execPath, ...rest]: ReadonlyArray<string>): ReadonlyArray<string> => [
  node,
  "--max-old-space-size=52",
  ...rest
]

export const lists: ReadonlyArray<Row> = [
  {
    fault: "20 customers that were already read are deleted while the list is read by offset",
    command: "avara export customers --out FILE",
    result: "The export ends without the 20 customers that moved up: the pages show no sign of them.",
    check: exporting({ rows: after(2, without(front)) }, [], [...numbers(1, 201), ...numbers(221, 351)])
  },
  {
    fault: "20 customers that were already read are deleted while the list is read by offset",
    command: "avara export customers --out FILE --verify overlap",
    result: "The export steps back to a customer that it has read, and the file has every customer once.",
    check: exporting({ rows: after(2, without(front)) }, verified, all)
  },
  {
    fault: "20 customers that were already read are deleted while the list is read by offset",
    command: "customers.stream({ parallel: 4 })",
    result: "The stream steps back to a customer that it has read, and emits every customer once.",
    check: streamed({ rows: after(2, without(front)) }, all)
  },
  {
    fault: "The last 100 customers are deleted right before they are read",
    command: "avara export customers --out FILE --verify overlap",
    result: "The file has every remaining customer once.",
    check: exporting({ rows: after(3, without(end)) }, verified, numbers(1, readBefore + 1))
  },
  {
    fault: "20 customers are inserted at the front while the list is read by offset",
    command: "avara export customers --out FILE --verify overlap",
    result: "The file has every customer once, but not those inserted before the reader's position.",
    check: exporting({ rows: after(2, [...numbers(1001, 1021), ...all]) }, verified, all)
  },
  {
    fault: "A page in the middle of the list says that it is the last",
    command: "avara export customers --out FILE --verify overlap",
    result: "One more request shows that the list continues, and the file has every customer once.",
    check: exporting({ rows: () => all, lies: (request) => request === 1 }, verified, all)
  },
  {
    fault: "Customers are deleted between a run and its resume, including the last one read",
    command: "avara export customers --out FILE --verify overlap --resume",
    result: "The export finds its place again, and the file has every customer that was read or still exists, once.",
    check: Effect.gen(function* () {
      const { file, url } = yield* interrupted(3, all, without([...front, readBefore]))
      const { code, stderr } = yield* exportTo(file, url, [...verified, "--resume"])
      assert.equal(code, 0, stderr)
      expectRows(file, all)
    })
  },
  {
    fault: "All of 5,000 customers are replaced between a run and its resume",
    command: "avara export customers --out FILE --verify overlap --resume",
    result: "The command fails with exit code 9 and suggests `--discard`, which exports the new list.",
    check: Effect.gen(function* () {
      const later = numbers(5001, 10_001)
      const { file, url } = yield* interrupted(40, numbers(1, 5001), later)
      const resumed = yield* exportTo(file, url, [...verified, "--resume"])
      assert.equal(resumed.code, 9, resumed.stderr)
      assert.match(
        resumed.stderr,
        /customers were deleted while the list was read.*\nTo discard the unfinished export and start again:\n.*--discard/
      )
      const { code, stderr } = yield* exportTo(file, url, [...verified, "--discard"])
      assert.equal(code, 0, stderr)
      expectRows(file, later)
    })
  },
  {
    fault: "Cursors that are not offsets",
    command: "avara export customers --out FILE --verify overlap",
    result: "The command fails with exit code 9 before it writes anything, and suggests leaving out `--verify`.",
    check: Effect.gen(function* () {
      const file = yield* target
      const url = yield* listServer({ rows: () => all, encode: (offset) => `page-${offset}`, decode: Number })
      const { code, stderr } = yield* exportTo(file, url, verified)
      assert.equal(code, 9, stderr)
      assert.match(
        stderr,
        /page 1, after 0 customers, has a cursor that is not an offset.*\nTo export the list without this check, leave out --verify/
      )
      assert.equal(existsSync(file), false)
    })
  },
  {
    fault: "A proxy sends an HTML page with status 200 once in a list of 300 pages",
    command: "avara export customers --out FILE",
    result: "The page is requested again, and the file has every customer once.",
    check: Effect.gen(function* () {
      const file = yield* target
      const rows = numbers(1, 301)
      const url = yield* listServer({ rows: () => rows, pageSize: 1, isHtml: (request) => request === 150 })
      const { code, stderr } = yield* exportTo(file, url, ["--max-retries", "2"])
      assert.equal(code, 0, stderr)
      expectRows(file, rows)
    })
  },
  {
    fault: "A proxy sends an HTML page with status 200 in place of page 3, every time",
    command: "avara export customers --out FILE",
    result:
      "The command fails with exit code 9 after 3 requests, and prints the command that resumes the export, which works.",
    check: Effect.gen(function* () {
      const file = yield* target
      const url = yield* listServer({ rows: () => all, isHtml: (request) => request >= 2 && request < 5 })
      const { code, stderr } = yield* exportTo(file, url, ["--max-retries", "2"])
      assert.equal(code, 9, stderr)
      assert.match(
        stderr,
        /invalid response \(200\): expected JSON.*\(3 attempts\)\nThe exported customers are kept\. To continue:\n.*--resume/
      )
      const resumed = yield* exportTo(file, url, ["--resume"])
      assert.equal(resumed.code, 0, resumed.stderr)
      expectRows(file, all)
    })
  },
  {
    fault: "The server refuses the cursor of page 3 with 400",
    command: "avara export customers --out FILE",
    result:
      "The command fails with exit code 9, says that the list must start over, and prints the command with `--discard`, which works.",
    check: Effect.gen(function* () {
      const file = yield* target
      const url = yield* listServer({ rows: () => all, refuses: (request) => request === 2 })
      const { code, stderr } = yield* exportTo(file, url, [])
      assert.equal(code, 9, stderr)
      assert.match(stderr, /no longer accepts its cursor \(400\).*; read the list again from its beginning\n/)
      assert.match(stderr, /\nTo discard the unfinished export and start again:\n.*--discard/)
      assert.doesNotMatch(stderr, /--resume/)
      const again = yield* exportTo(file, url, ["--discard"])
      assert.equal(again.code, 0, again.stderr)
      expectRows(file, all)
    })
  },
  {
    fault: "The server refuses the cursor of page 3 with 400",
    command: "avara customers list",
    result:
      "The command prints the customers that it has read, fails with exit code 9, and says that the list must start over.",
    check: Effect.gen(function* () {
      const url = yield* listServer({ rows: () => all, refuses: (request) => request === 2 })
      const { code, stderr, stdout } = yield* runAgainst(url, ["customers", "list"])
      assert.equal(code, 9, stderr)
      assert.match(
        stderr,
        /^avara: customers\.list: page 3, after 200 customers, .*; read the list again from its beginning\n$/
      )
      assert.equal(jsonLinesOf(stdout).length, 200)
    })
  },
  {
    fault: "130 pages with cursors of 400 KB each, and a heap of 52 MB",
    command: "avara export customers --out FILE",
    result: "The file has every customer once: no cursor stays in memory.",
    check: Effect.gen(function* () {
      const file = yield* target
      const rows = numbers(1, 131)
      const url = yield* listServer({
        rows: () => rows,
        pageSize: 1,
        encode: longCursor,
        decode: (cursor) => Number.parseInt(cursor, 10)
      })
      const env = envOf(url)
      const { code, stderr } = yield* run(["export", "customers", "--out", file], { env }, onLittleMemory(command()))
      assert.equal(code, 0, stderr)
      expectRows(file, rows)
    })
  }
]
