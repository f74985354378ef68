import * as assert from "node:assert/strict"
import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import { join } from "node:path"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import { runAgainst } from "../../../packages/cli/test/inProcess.js"
import {
  command,
  envOf,
  jsonLinesOf,
  run,
  runHere,
  start,
  temporaryDirectory
} from "../../../packages/cli/test/support.js"
import { type ChangingServer, changingServer, type Refusal } from "../support/changingServer.js"
import { desk, refusesFile, rejectsOf, summaryOf } from "../support/files.js"
import type { Row } from "../support/row.js"

const rows = 64

const ids = Array.from({ length: rows }, (_, index) => `cus_${index.toString(16).padStart(32, "0")}`)

const user = `usr_${"e".repeat(32)}`

const delayMillis = 60

const textOf = {
  "add-users": ["expressCustomerId,userId", ...ids.map((id) => `${id},${user}`)].join("\n"),
  "remove-users": ["expressCustomerId,userId", ...ids.map((id) => `${id},${user}`)].join("\n"),
  deactivate: ["expressCustomerId", ...ids].join("\n")
}

const noSeats: Refusal = { status: 200, body: { success: false, message: "no seats left" } }

/** Runs a command until the server has processed 8 rows, then stops it; the server still processes the requests in flight. */
const interrupted = (server: ChangingServer, cwd: string, args: ReadonlyArray<string>, signal: "SIGKILL" | "SIGINT") =>
  Effect.scoped(
    Effect.gen(function* () {
      const { child, ended } = yield* start(args, { cwd, env: envOf(server.url) })
      yield* server.untilDone(8)
      child.kill(signal)
      yield* ended
      yield* Effect.sleep(2 * delayMillis)
    })
  )

interface Change {
  readonly operation: keyof typeof textOf
  readonly signal?: "SIGKILL" | "SIGINT"
  readonly refusal: Refusal
  /** The response to a row that the server has already processed; by default the same as to any other. */
  readonly ifDone?: Refusal
}

const doneBy = (operation: Change["operation"], { inactive, members }: ChangingServer): number => {
  if (operation === "deactivate") return inactive.size
  return operation === "add-users" ? members.size : rows - members.size
}

/** Resumes against a server that refuses, and checks that only rows that the server processed are reported as done. */
const changesItsMind = ({ ifDone, operation, refusal, signal = "SIGKILL" }: Change) =>
  Effect.gen(function* () {
    const cwd = yield* temporaryDirectory
    const file = join(cwd, "rows.csv")
    fs.writeFileSync(file, textOf[operation])
    const server = yield* changingServer(delayMillis)
    if (operation === "remove-users") for (const id of ids) server.members.add(`${id} ${user}`)
    yield* interrupted(server, cwd, ["bulk", operation, file], signal)
    const done = doneBy(operation, server)
    assert.ok(done >= 8 && done < rows)

    server.refuse(refusal, ifDone)
    const ended = yield* runAgainst(server.url, ["bulk", operation, file, "--resume"])
    const summary = summaryOf(ended)
    const reported = Number(summary["done"]) + Number(summary["skipped"])
    const rejects = rejectsOf(file)
    const unsure = rejects.filter(([, reasons]) => reasons.includes("may have done this row already"))
    assert.equal(ended.code, 5)
    assert.equal(reported + rejects.length, rows)
    assert.ok(reported <= done && unsure.length <= 4, `${reported} reported, ${done} done, ${unsure.length} unsure`)
    assert.equal(doneBy(operation, server), done)
    const isProved = ifDone !== undefined || signal === "SIGINT"
    assert.equal(isProved ? reported : reported + unsure.length >= done, isProved ? done : true)
  })

const importChangesItsMind = Effect.gen(function* () {
  const cwd = yield* temporaryDirectory
  const file = join(cwd, "rows.ndjson")
  const names = ids.map((id) => `Clinic ${id}`)
  fs.writeFileSync(file, names.map((name) => `${JSON.stringify({ expressCustomerName: name })}\n`).join(""))
  const server = yield* changingServer(delayMillis)
  yield* interrupted(server, cwd, ["import", "customers", file], "SIGKILL")
  const done = server.names.length
  server.refuse({ status: 409, body: { message: "the plan is full" } })
  const ended = yield* runAgainst(server.url, ["import", "customers", file, "--resume"])
  const summary = summaryOf(ended)
  assert.deepEqual([ended.code, summary["done"], summary["skipped"], summary["rejected"]], [5, 0, done, rows - done])
  assert.equal(new Set(server.names).size, server.names.length)
})

const bulkResume = "avara bulk add-users FILE --resume"

const killed: ReadonlyArray<Row> = [
  {
    fault:
      "The process is killed after 8 of 64 rows, then the server refuses every row with `success: false`, `no seats left`",
    command: bulkResume,
    result:
      "Every refused row is rejected and none is reported as done; a row that was in flight is marked as possibly done.",
    check: changesItsMind({ operation: "add-users", refusal: noSeats })
  },
  {
    fault: "The process is killed after 8 of 64 rows, then the server refuses new members and recognizes existing ones",
    command: bulkResume,
    result: "The rows reported as done are exactly those that the server did.",
    check: changesItsMind({
      operation: "add-users",
      refusal: noSeats,
      ifDone: { status: 409, body: { error: { code: "already_assigned", message: "The user is already assigned." } } }
    })
  },
  {
    fault: "The process is killed after 8 of 64 rows, then every row is a 409 for another reason",
    command: bulkResume,
    result: "Every refused row is rejected.",
    check: changesItsMind({
      operation: "add-users",
      refusal: { status: 409, body: { message: "The seat is already assigned to another user" } }
    })
  },
  {
    fault: "The process is killed after 8 of 64 rows, then the server knows none of the customers",
    command: bulkResume,
    result: "Every refused row is rejected.",
    check: changesItsMind({
      operation: "add-users",
      refusal: { status: 404, body: { message: "There is no such customer" } }
    })
  },
  {
    fault: "The process is killed after 8 of 64 rows, then every customer is deactivated",
    command: bulkResume,
    result: "Every refused row is rejected.",
    check: changesItsMind({
      operation: "add-users",
      refusal: { status: 409, body: { error: { code: "customer_inactive" } } }
    })
  },
  {
    fault:
      "The process is killed after 8 of 64 rows, then the server removes no one and recognizes users who are not members",
    command: "avara bulk remove-users FILE --resume",
    result: "The rows reported as done are exactly those that the server did.",
    check: changesItsMind({
      operation: "remove-users",
      refusal: { status: 404, body: { message: "The user was not found" } },
      ifDone: { status: 404, body: { message: "The user is not a member of this customer" } }
    })
  },
  {
    fault: "The process is killed after 8 of 64 rows, then the server refuses to deactivate any customer",
    command: "avara bulk deactivate FILE --resume",
    result: "The customer's state decides: the rows reported as done are exactly those that the server did.",
    check: changesItsMind({
      operation: "deactivate",
      refusal: { status: 409, body: { message: "not now" } },
      ifDone: { status: 409, body: { message: "not now" } }
    })
  },
  {
    fault: "Ctrl-C after 8 of 64 rows, then every row is a 409 for another reason",
    command: bulkResume,
    result: "The rows in flight are completed: the rows reported as done are exactly those that the server did.",
    check: changesItsMind({
      operation: "add-users",
      signal: "SIGINT",
      refusal: { status: 409, body: { message: "no seats left" } }
    })
  },
  {
    fault: "The process is killed after 8 of 64 rows, then the server refuses every create",
    command: "avara import customers FILE --resume",
    result: "The list shows which customers exist: exactly those are reported as created, the others are rejected.",
    check: importChangesItsMind
  },
  {
    fault: "The disk is full while rows are sent",
    command: "avara bulk add-users FILE",
    result:
      "The command stops before it sends a row that the journal cannot record, and `--resume` processes the others.",
    check: Effect.suspend(() => fullDisk)
  }
]

const importing = "avara import customers FILE"

const header = "expressCustomerName\n"

const latin = Buffer.concat([Buffer.from(`${header}ok\nUniversit`), Buffer.from([0xe4]), Buffer.from("tsklinikum\n")])

/** Checks that a file in an encoding is imported as customers with these names. */
const creates = (content: Uint8Array, args: ReadonlyArray<string>, expected: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const { avara, file, names } = yield* desk("rows.csv", content)
    const { code, stderr } = yield* avara("import", "customers", file, ...args)
    assert.equal(code, 0, stderr)
    assert.deepEqual([...(yield* names)].sort(), [...expected].sort())
  }).pipe(Effect.provide(Emulator.layer()))

const brokenNames = Effect.gen(function* () {
  const texts = ["Universit\uFFFDtsklinikum", "half \\ud83d of it", "whole \\ud83d\\ude00"]
  const lines = texts.map((text) => `{"expressCustomerName":"${text}"}\n`)
  const { avara, file, names } = yield* desk("rows.ndjson", lines.join(""))
  const { code } = yield* avara("import", "customers", file)
  assert.equal(code, 5)
  assert.deepEqual(yield* names, ["whole 😀"])
  const [first = [], second = []] = rejectsOf(file)
  assert.match(String(first[1]), /U\+FFFD/)
  assert.match(String(second[1]), /lone surrogate/)
}).pipe(Effect.provide(Emulator.layer()))

const bytes: ReadonlyArray<Row> = [
  {
    fault: "A CSV file in Latin-1, with an umlaut in a name",
    command: importing,
    result:
      "The file is refused with the line and the offset of the first byte that is not UTF-8, also by `--dry-run`.",
    check: Effect.forEach(
      [
        ["import", "customers"],
        ["import", "customers", "--dry-run"]
      ],
      (args) =>
        refusesFile("rows.csv", latin, /line 3, byte offset 32: this byte is not allowed in UTF-8; .*--encoding/, args)
    )
  },
  {
    fault: "The same file with its encoding named",
    command: `${importing} --encoding latin1`,
    result: "The customers have the names in the file.",
    check: creates(latin, ["--encoding", "latin1"], ["ok", "Universitätsklinikum"])
  },
  {
    fault: "Typographic quotes and a euro sign in Windows-1252",
    command: `${importing} --encoding windows-1252`,
    result: "The customers have the names in the file; as `latin1` the file is refused.",
    check: Effect.zipRight(
      creates(
        Buffer.concat([Buffer.from(header), Buffer.from([0x93, 0x80, 0x94])]),
        ["--encoding", "windows-1252"],
        ["“€”"]
      ),
      refusesFile(
        "rows.csv",
        Buffer.concat([Buffer.from(header), Buffer.from([0x93])]),
        /line 2, byte offset 20: this byte is not allowed in Latin-1/,
        ["import", "customers", "--encoding", "latin1"]
      )
    )
  },
  {
    fault: "UTF-16 as a spreadsheet saves it, with a byte order mark",
    command: importing,
    result: "The customers have the names in the file.",
    check: creates(Buffer.from(`\uFEFF${header}Köln 😀`, "utf16le"), [], ["Köln 😀"])
  },
  {
    fault: "UTF-8 with a byte order mark",
    command: importing,
    result: "The byte order mark is not part of the first column's name.",
    check: creates(Buffer.from(`\uFEFF${header}Köln`), [], ["Köln"])
  },
  {
    fault: "A workbook (XLSX) with the name of a CSV file",
    command: importing,
    result: "The file is refused as a binary file, and the message says to save it as CSV in UTF-8.",
    check: refusesFile(
      "rows.csv",
      "PK\u0003\u0004\u0014\0\u0006\0",
      /looks like a binary file, a ZIP archive or a workbook/
    )
  },
  {
    fault: "A NUL byte in a name",
    command: importing,
    result: "The file is refused as a binary file, with the line.",
    check: refusesFile("rows.csv", `${header}ok\na\0b\n`, /line 3: it contains a NUL byte/)
  },
  {
    fault: "A name with U+FFFD from an earlier conversion, and a name with half an emoji",
    command: importing,
    result: "Both rows are rejected with the reason, the others are created.",
    check: brokenNames
  }
]

const keyed = (...keys: ReadonlyArray<string>) =>
  ["expressCustomerName,metadata.createOnceKey", ...keys.map((key, index) => `Clinic ${index},${key}`)].join("\n")

const otherName = Effect.gen(function* () {
  const { avara, cwd, file, names } = yield* desk("first.csv", `${header}North\nSouth\n`)
  yield* avara("import", "customers", file)
  fs.copyFileSync(join(cwd, "first.csv"), join(cwd, "second.csv"))
  const second = yield* avara("import", "customers", join(cwd, "second.csv"), "--look-first")
  const { done, found, skipped } = summaryOf(second)
  assert.deepEqual([second.code, done, skipped, found], [0, 0, 2, 2])
  assert.deepEqual([...(yield* names)].sort(), ["North", "South"])
}).pipe(Effect.provide(Emulator.layer()))

const otherKeys = Effect.gen(function* () {
  const { avara, cwd, file, names } = yield* desk("first.csv", keyed("a", "b"))
  yield* avara("import", "customers", file)
  fs.writeFileSync(join(cwd, "second.csv"), keyed("c", "b", "a"))
  const checked = yield* avara("import", "customers", join(cwd, "second.csv"), "--look-first", "--dry-run")
  assert.deepEqual([summaryOf(checked)["done"], summaryOf(checked)["found"]], [1, 2])
  const second = yield* avara("import", "customers", join(cwd, "second.csv"), "--look-first")
  assert.deepEqual([summaryOf(second)["done"], summaryOf(second)["found"]], [1, 2])
  assert.equal((yield* names).length, 3)
}).pipe(Effect.provide(Emulator.layer()))

const keys: ReadonlyArray<Row> = [
  {
    fault: "Two rows with the same key",
    command: importing,
    result: "The file is refused with the numbers of both lines before anything is sent.",
    check: refusesFile(
      "rows.csv",
      keyed("a", "b", "a"),
      /same metadata\.createOnceKey: lines 2 and 4; keep one of each/
    )
  },
  {
    fault: "The same customer and user in two rows",
    command: "avara bulk add-users FILE",
    result: "The file is refused with the numbers of both lines before anything is sent.",
    check: refusesFile(
      "rows.csv",
      `${textOf["add-users"]}\n${ids[0]},${user}`,
      /same expressCustomerId and userId: lines 2 and 66; keep one of each/,
      ["bulk", "add-users"]
    )
  },
  {
    fault: "The same content under another file name",
    command: `${importing} --look-first`,
    result: "Every row's customer is found in the list, and none is created twice.",
    check: otherName
  },
  {
    fault: "Another file with some of the same keys",
    command: `${importing} --look-first`,
    result:
      "Rows whose keys are in the list are skipped and counted as found, also by `--dry-run`; the others are created.",
    check: otherKeys
  }
]

const pipeAsInput = Effect.gen(function* () {
  const { avara, cwd, names } = yield* desk("rows.csv", `${header}North\n`)
  execFileSync("mkfifo", [join(cwd, "pipe.csv")])
  fs.symlinkSync("rows.csv", join(cwd, "link.csv"))
  for (const name of ["pipe.csv", "/dev/stdin", "-"]) {
    const { code, stderr } = yield* runHere(["import", "customers", name], { cwd })
    assert.match(stderr, /the rows are read twice, .* save them to a file first and give its name/)
    assert.equal(code, 5)
  }
  const folder = yield* avara("import", "customers", cwd)
  assert.match(folder.stderr, /it is a directory; give the name of a file/)
  assert.deepEqual(yield* names, [])
  const { code } = yield* avara("import", "customers", join(cwd, "link.csv"))
  assert.deepEqual([code, yield* names], [0, ["North"]])
}).pipe(Effect.provide(Emulator.layer()))

/** Far more than a process reads ahead of what it sends. */
const manyRows = Array.from({ length: 300 }, (_, index) => `Clinic ${index}${"-".repeat(8000)}`)

const changedWhileRead = Effect.gen(function* () {
  const cwd = yield* temporaryDirectory
  const file = join(cwd, "rows.csv")
  const text = `${header}${manyRows.join("\n")}\n`
  fs.writeFileSync(file, text)
  const server = yield* changingServer(1)
  const args = ["import", "customers", file, "--concurrency", "16"]
  const { ended } = yield* start(args, { cwd, env: envOf(server.url) })
  yield* server.untilDone(1)
  fs.writeFileSync(file, text.replace("Clinic 299-", "Clinic 2999"))
  const { code, stderr } = yield* ended
  assert.match(
    stderr,
    /rows\.csv: it changed while it was read, and nothing that changed was sent; restore it and resume/
  )
  assert.equal(code, 5)
  assert.ok(server.names.every((name) => manyRows.includes(name)))
  fs.writeFileSync(file, text)
  const resumed = yield* runAgainst(server.url, [...args, "--resume"])
  assert.equal(resumed.code, 0, resumed.stderr)
  assert.deepEqual([...server.names].sort(), [...manyRows].sort())
})

const fullDisk = Effect.gen(function* () {
  const cwd = yield* temporaryDirectory
  const file = join(cwd, "rows.csv")
  fs.writeFileSync(file, textOf["add-users"])
  const server = yield* changingServer(0)
  const args = ["bulk", "add-users", file]
  const limited = ["sh", "-c", 'ulimit -f 4; exec "$@"', "sh", ...command()]
  const full = yield* run(args, { cwd, env: envOf(server.url) }, limited)
  assert.match(full.stderr, /rows\.csv\.journal\.ndjson: the disk or the quota is full/)
  assert.equal(full.code, 10)
  const done = server.members.size
  assert.ok(done > 0 && done < rows)
  const resumed = yield* runAgainst(server.url, [...args, "--resume"])
  assert.deepEqual([resumed.code, server.members.size], [0, rows], resumed.stderr)
})

const quotes = 'such as "City ""Med"" Center"'

const csv: ReadonlyArray<Row> = [
  {
    fault: 'An unquoted cell that contains quotes: `City "Med" Center`',
    command: importing,
    result: "The file is refused with the line and the rule.",
    check: refusesFile(
      "rows.csv",
      `${header}ok\nCity "Med" Center\n`,
      new RegExp(`line 3: a cell that contains a quote must be in quotes, and the quote doubled, ${quotes}`)
    )
  },
  {
    fault: 'A quoted cell with a quote that is not doubled: `"City "Med" Center"`',
    command: importing,
    result: "The file is refused with the line and the rule.",
    check: refusesFile(
      "rows.csv",
      `${header}ok\n"City "Med" Center"\n`,
      new RegExp(`line 3: a quote inside a quoted cell must be doubled, ${quotes}`)
    )
  },
  {
    fault: "An unclosed quote, after a cell of two lines",
    command: importing,
    result: "The file is refused with the line where its row begins.",
    check: refusesFile("rows.csv", `${header}"two\r\nlines"\r\n"open\r\nmore\r\n`, /line 4: .* is never closed/)
  },
  {
    fault: "A row of 2 MB, in CSV or in NDJSON",
    command: importing,
    result: "The file is refused with the line, and no more of the row is kept in memory.",
    check: Effect.zipRight(
      refusesFile("rows.csv", `${header}${"x".repeat(2_000_000)}`, /line 2: the row is longer than 1 MiB/),
      refusesFile("rows.ndjson", `{"a":"${"x".repeat(2_000_000)}`, /line 1: the row is longer than 1 MiB/)
    )
  },
  {
    fault: "A pipe, `/dev/stdin`, `-` or a directory as the file",
    command: importing,
    result:
      "The command says that the rows are read twice and must be saved to a file first; a link to a file is read.",
    check: pipeAsInput
  },
  {
    fault: "The file changes after it was checked",
    command: importing,
    result: "The command stops before it sends a changed row, and says to restore the file and resume.",
    check: changedWhileRead
  },
  {
    fault: "Misspelled columns, or columns separated by semicolons",
    command: importing,
    result: "The file is refused, and the message says what to write.",
    check: Effect.zipRight(
      refusesFile("rows.csv", "Express Customer Name\nx\n", /must be spelled expressCustomerName/),
      refusesFile(
        "rows.csv",
        "expressCustomerName;metadata\nx;y\n",
        /separated by ";"; save the file as CSV with commas/
      )
    )
  },
  {
    fault: "A JSON array with the name of an NDJSON file",
    command: importing,
    result: "The file is refused, and the message says what NDJSON is.",
    check: refusesFile("rows.ndjson", '[{"expressCustomerName":"x"}]', /NDJSON has one JSON object on each line/)
  }
]

const suffixes = [".rejects.ndjson", ".journal.ndjson"] as const

/** Checks that a file with the name of the rejects or the journal stays unchanged, and that nothing is sent. */
const untouched = (put: (path: string, cwd: string) => void, message: RegExp) =>
  Effect.gen(function* () {
    for (const suffix of suffixes) {
      const { avara, cwd, file, names } = yield* desk("rows.csv", `${header}\nNorth\n`)
      put(`${file}${suffix}`, cwd)
      const before = fs.lstatSync(`${file}${suffix}`)
      for (const more of [[], ["--resume"]]) {
        const { code, stderr } = yield* avara("import", "customers", file, ...more)
        assert.match(stderr, message)
        assert.equal(code, 10)
      }
      const after = fs.lstatSync(`${file}${suffix}`)
      assert.deepEqual([after.ino, after.size, after.mtimeMs], [before.ino, before.size, before.mtimeMs])
      assert.deepEqual(yield* names, [])
    }
  }).pipe(Effect.provide(Emulator.layer()))

const followsNoLink = untouched((path, cwd) => {
  fs.writeFileSync(join(cwd, "mine.txt"), "")
  fs.symlinkSync("mine.txt", path)
}, /rows\.csv\.\w+\.ndjson: it is a link or a special file; move it away/)

const ownFiles = Effect.gen(function* () {
  const { avara, file } = yield* desk("rows.csv", `${header}""\nNorth\n`)
  for (const more of [[], ["--resume"]]) {
    const { code } = yield* avara("import", "customers", file, ...more)
    assert.equal(code, 5)
    assert.deepEqual(
      rejectsOf(file).map(([line]) => line),
      [2]
    )
  }
  const modes = suffixes.map((suffix) => fs.statSync(`${file}${suffix}`).mode & 0o777)
  assert.deepEqual(modes, [0o600, 0o600])
}).pipe(Effect.provide(Emulator.layer()))

const siblings: ReadonlyArray<Row> = [
  {
    fault: "A file of your own is named `FILE.rejects.ndjson` or `FILE.journal.ndjson`",
    command: importing,
    result: "The command refuses to start and leaves the file as it is.",
    check: untouched(
      (path) => fs.writeFileSync(path, '{"mine":true}\n'),
      /rows\.csv\.\w+\.ndjson: this library did not write it; move it away/
    )
  },
  {
    fault: "A text file without a final line end has that name",
    command: importing,
    result: "The command refuses to start and leaves the file as it is.",
    check: untouched((path) => fs.writeFileSync(path, "mine"), /this library did not write it; move it away/)
  },
  {
    fault: "A symbolic link has that name",
    command: importing,
    result: "The command refuses to start and does not follow the link.",
    check: followsNoLink
  },
  {
    fault: "The rejects of an earlier run",
    command: `${importing} --resume`,
    result: "They are replaced; only their owner can read the rejects and the journal.",
    check: ownFiles
  }
]

/** Imports a file, changes it or its journal, and returns the message of the next run. */
const after = (change: (file: string) => void, ...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const opened = yield* desk("rows.csv", `${header}North\nSouth\n`)
    yield* opened.avara("import", "customers", opened.file)
    change(opened.file)
    const ended = yield* opened.avara("import", "customers", opened.file, ...args)
    return { ...opened, ended }
  })

const rewriteJournal = (rewrite: (text: string) => string) => (file: string) => {
  const journal = `${file}.journal.ndjson`
  fs.writeFileSync(journal, rewrite(fs.readFileSync(journal, "utf8")))
}

const secondTime = Effect.gen(function* () {
  const { avara, ended, file } = yield* after(() => undefined)
  assert.match(ended.stderr, /an earlier run started on this file; .*\nTo continue:\n {2}avara .* --resume\n$/)
  const resumed = yield* avara("import", "customers", file, "--resume")
  assert.deepEqual([ended.code, resumed.code, summaryOf(resumed)["skipped"]], [10, 0, 2])
}).pipe(Effect.provide(Emulator.layer()))

const changedFile = Effect.gen(function* () {
  const original = `${header}North\nSouth\n`
  const { avara, ended, file, names } = yield* after((file) => fs.appendFileSync(file, "West\n"), "--resume")
  assert.match(ended.stderr, /the file was changed .*; restore it and resume, and put new .* rows into a file/)
  fs.writeFileSync(file, original)
  const resumed = yield* avara("import", "customers", file, "--resume")
  assert.deepEqual([ended.code, resumed.code, (yield* names).length], [10, 0, 2])
}).pipe(Effect.provide(Emulator.layer()))

const otherOperation = Effect.gen(function* () {
  const { avara, cwd, ended, file } = yield* after(() => undefined, "--key-name", "otherKey", "--resume")
  assert.match(
    ended.stderr,
    /did something else with this file \(import by createOnceKey\); for this operation, use a copy of the file/
  )
  fs.copyFileSync(file, join(cwd, "copy.csv"))
  const copied = yield* avara("import", "customers", join(cwd, "copy.csv"), "--key-name", "otherKey")
  assert.deepEqual([ended.code, copied.code], [10, 0])
}).pipe(Effect.provide(Emulator.layer()))

/** Checks that the message's remedy works: move the journal away and look first. */
const looksFirstAfter = (rewrite: (text: string) => string, message: RegExp) =>
  Effect.gen(function* () {
    const { avara, ended, file, names } = yield* after(rewriteJournal(rewrite), "--resume")
    assert.match(ended.stderr, message)
    fs.renameSync(`${file}.journal.ndjson`, `${file}.aside`)
    const again = yield* avara("import", "customers", file, "--look-first")
    assert.deepEqual([ended.code, again.code, summaryOf(again)["found"]], [10, 0, 2])
    assert.equal((yield* names).length, 2)
  }).pipe(Effect.provide(Emulator.layer()))

const tornHeader = Effect.gen(function* () {
  const { avara, file, names } = yield* desk("rows.csv", `${header}North\n`)
  fs.writeFileSync(`${file}.journal.ndjson`, '{"journal":"avara","vers')
  const { code } = yield* avara("import", "customers", file)
  assert.deepEqual([code, yield* names], [0, ["North"]])
  assert.equal(jsonLinesOf(fs.readFileSync(`${file}.journal.ndjson`, "utf8")).length, 3)
}).pipe(Effect.provide(Emulator.layer()))

const journals: ReadonlyArray<Row> = [
  {
    fault: "The same file a second time",
    command: importing,
    result: "The command refuses it and prints the command that resumes, which creates nothing twice.",
    check: secondTime
  },
  {
    fault: "The file changed after an earlier run began to import it",
    command: `${importing} --resume`,
    result: "The command refuses it: restore the file and resume, and put new rows into another file.",
    check: changedFile
  },
  {
    fault: "An earlier run did something else with the file",
    command: `${importing} --resume`,
    result: "The command refuses it and says what the earlier run did: use a copy of the file for the new operation.",
    check: otherOperation
  },
  {
    fault: "The journal of another version",
    command: `${importing} --resume`,
    result: "The command refuses it: after you move the journal away, `--look-first` creates nothing twice.",
    check: looksFirstAfter(
      (text) => text.replace('"version":1', '"version":99'),
      /another version .* \(an import with --look-first\)/
    )
  },
  {
    fault: "A damaged journal",
    command: `${importing} --resume`,
    result: "The command refuses it: after you move the journal away, `--look-first` creates nothing twice.",
    check: looksFirstAfter(
      (text) => text.replace('"state":"started"', '"st\n'),
      /it is damaged; .* \(an import with --look-first, /
    )
  },
  {
    fault: "A crash while the journal was created",
    command: importing,
    result: "Nothing had been sent, and the next run starts over.",
    check: tornHeader
  }
]

const refusesConcurrency = Effect.gen(function* () {
  const { file, names } = yield* desk("rows.csv", `${header}North\n`)
  for (const value of ["0", "-1", "1.5", "NaN", "Infinity", "65"]) {
    const { code, stderr } = yield* runHere(["import", "customers", file, `--concurrency=${value}`])
    assert.match(stderr, /Expected an integer from 1 to 64/)
    assert.equal(code, 2)
  }
  assert.deepEqual(yield* names, [])
}).pipe(Effect.provide(Emulator.layer()))

const limits: ReadonlyArray<Row> = [
  {
    fault: "A concurrency of 0, -1, 1.5, NaN, Infinity or 65",
    command: `${importing} --concurrency=N`,
    result: "The command line is refused with what is allowed.",
    check: refusesConcurrency
  }
]

export const input: ReadonlyArray<Row> = [...killed, ...bytes, ...keys, ...csv, ...siblings, ...journals, ...limits]
