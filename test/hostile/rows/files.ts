import assert from "node:assert/strict"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { hostname } from "node:os"
import * as path from "node:path"
import { ExitCode } from "@effect-avara/cli/ExitCode"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { runAgainst } from "../../../packages/cli/test/inProcess.js"
import {
  apiKey,
  command,
  commandLine,
  envOf,
  hasTerminal,
  jsonLinesOf,
  linesOf,
  quoted,
  run,
  start,
  startInTerminal,
  temporaryDirectory
} from "../../../packages/cli/test/support.js"
import { asProcessOne, onHost } from "../support/namespaces.js"
import { type Pages, pages } from "../support/pages.js"
import type { Row } from "../support/row.js"

const customers = 500

interface Place extends Pages {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** An empty directory, and a server to export from. */
const place: Effect.Effect<Place, never, Scope.Scope> = Effect.gen(function* () {
  const cwd = yield* temporaryDirectory
  const served = yield* pages(customers)
  const env = { ...envOf(served.url), TZ: "UTC" }
  return { ...served, cwd, env }
})

const exportTo = (...args: ReadonlyArray<string>) => ["export", "customers", "--quiet", ...args]

const staging = (cwd: string, name: string, file: string) => path.join(cwd, `.${name}.avara`, file)

/** Waits until a condition on the files holds. */
const until = (what: string, holds: () => boolean) =>
  Effect.sync(holds).pipe(
    Effect.repeat({ until: (isTrue) => isTrue, schedule: Schedule.spaced("10 millis") }),
    Effect.timeoutFail({ duration: "20 seconds", onTimeout: () => new Error(`${what} did not come`) })
  )

const rowsKept = (file: string): number => {
  if (!fs.existsSync(file)) return 0
  const { checkpoint } = JSON.parse(fs.readFileSync(file, "utf8"))
  return Number(checkpoint.position.rows)
}

const isWhole = ({ cwd }: Place, name: string) => {
  const lines = linesOf(fs.readFileSync(path.join(cwd, name), "utf8"))
  assert.equal(new Set(lines).size, customers)
  assert.deepEqual(
    fs.readdirSync(cwd).filter((other) => other.includes(name)),
    [name, `${name}.manifest.json`]
  )
}

/** The commands that a message tells the user to run. */
const printed = (stderr: string): ReadonlyArray<string> =>
  linesOf(stderr)
    .filter((line) => line.startsWith("  avara "))
    .map((line) => line.slice("  avara ".length))

/** Runs a command as it was printed, in a shell. */
const runPrinted = ({ cwd, env }: Place, line: string) =>
  run(["-c", `${command().map(quoted).join(" ")} ${line}`], { cwd, env }, ["/bin/sh"])

/** Runs an export in this process. */
const exportHere = (at: Place, out: string, ...args: ReadonlyArray<string>) =>
  runAgainst(at.url, exportTo("--out", path.resolve(at.cwd, out), ...args))

/** Leaves an export that stopped after 200 rows. */
const unfinished = (at: Place, out: string, ...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    at.setFault((offset) => (offset === 200 ? 500 : undefined))
    const { code } = yield* exportHere(at, out, ...args)
    at.setFault(() => undefined)
    assert.equal(code, ExitCode.tryAgain)
  })

/** Checks that a command fails and that the last command of its message succeeds. */
const failsThenWorks = (at: Place, pattern: RegExp, code: number, ...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const failed = yield* run(exportTo(...args), at)
    assert.match(failed.stderr, pattern)
    assert.equal(failed.code, code)
    const line = printed(failed.stderr).at(-1) ?? assert.fail(`no command in ${failed.stderr}`)
    const { code: then, stderr } = yield* runPrinted(at, line)
    assert.deepEqual([then, stderr], [0, ""])
  })

/** Runs an export and kills it once it has a checkpoint; the server delays it until then. */
const killed = (at: Place, prefix: ReadonlyArray<string>, whileRunning: Effect.Effect<void, unknown, Scope.Scope>) =>
  Effect.gen(function* () {
    at.setFault((offset) => (offset === 300 ? "hang" : "slow"))
    const first = yield* start(exportTo("--out", "c.ndjson"), at, [...prefix, ...command()])
    yield* until("a checkpoint", () => rowsKept(staging(at.cwd, "c.ndjson", "checkpoint.json")) >= 100)
    yield* whileRunning
    first.child.kill("SIGKILL")
    yield* first.ended
    at.setFault(() => undefined)
  })

const nothing = Effect.void

const locks: ReadonlyArray<Row> = [
  {
    fault: "Two containers share a host name and a directory, and the command is process 1 in both",
    command: "avara export customers --out FILE, twice",
    result:
      "The second run ends with exit code 10 and says which process holds the file. As soon as the first one is killed, `--resume` works.",
    check: Effect.gen(function* () {
      const at = yield* place
      const container = asProcessOne()
      const second = (...args: ReadonlyArray<string>) =>
        run(exportTo("--out", "c.ndjson", ...args), at, [...container, ...command()])
      yield* killed(
        at,
        container,
        Effect.gen(function* () {
          for (const args of [[], ["--resume"], ["--discard"]]) {
            const { code, stderr } = yield* second(...args)
            const owner = `process ${container.length === 0 ? "\\d+" : 1} on ${hostname()}, since 2\\S+Z`
            assert.match(
              stderr,
              new RegExp(`lock is held by ${owner}; start this run again when that one has ended\n$`)
            )
            assert.equal(code, ExitCode.storage)
          }
        })
      )
      const { code, stderr } = yield* second("--resume")
      assert.deepEqual([code, stderr], [0, ""])
      isWhole(at, "c.ndjson")
    })
  },
  {
    fault: "A container is killed and restarts under another host name",
    command: "avara export customers --out FILE --resume",
    result: "The export resumes without manual steps.",
    check: Effect.gen(function* () {
      const at = yield* place
      yield* killed(at, onHost("first"), nothing)
      assert.ok(fs.existsSync(staging(at.cwd, "c.ndjson", "lock")))
      const again = [...onHost("second"), ...command()]
      const { code, stderr } = yield* run(exportTo("--out", "c.ndjson", "--resume"), at, again)
      assert.deepEqual([code, stderr], [0, ""])
      isWhole(at, "c.ndjson")
    })
  },
  {
    fault: "A killed export left a lock a year ago, and its process id now belongs to a running process",
    command: "avara export customers --out FILE --resume",
    result: "The export resumes: no process holds the lock, whatever it says.",
    check: Effect.gen(function* () {
      const at = yield* place
      yield* killed(at, [], nothing)
      const lock = staging(at.cwd, "c.ndjson", "lock")
      fs.writeFileSync(lock, fs.readFileSync(lock, "utf8").replace(/"pid":\d+/, `"pid":${process.pid}`))
      const longAgo = Date.now() / 1000 - 366 * 86_400
      fs.utimesSync(lock, longAgo, longAgo)
      const { code, stderr } = yield* run(exportTo("--out", "c.ndjson", "--resume"), at)
      assert.deepEqual([code, stderr], [0, ""])
      isWhole(at, "c.ndjson")
    })
  },
  {
    fault: "The wall clock is set back by an hour while the list is read",
    command: "avara export customers --out FILE",
    result: "A checkpoint is still written every second.",
    check: Effect.gen(function* () {
      const at = yield* place
      const setBack = "const now=Date.now;setTimeout(()=>{Date.now=()=>now()-3600000},800)"
      const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(setBack)}`
      const settings = { cwd: at.cwd, env: { ...at.env, NODE_OPTIONS } }
      at.setFault((offset) => (offset === 400 ? "hang" : "slow"))
      yield* start(exportTo("--out", "c.ndjson"), settings)
      yield* until("a checkpoint", () => rowsKept(staging(at.cwd, "c.ndjson", "checkpoint.json")) >= 200)
    })
  }
]

/** Names that earlier versions of an export used next to its file. */
const names = [
  "c.csv.lock",
  "c.csv.lock.1",
  "c.csv.partial",
  "c.csv.skipped",
  "c.csv.tmp",
  "c.csv.checkpoint.json",
  "c.csv.checkpoint.json.new",
  "c.csv.manifest.json.new"
]

const treeOf = (folder: string): ReadonlyArray<readonly [string, string]> =>
  fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => {
      const stats = fs.lstatSync(path.join(folder, name))
      if (stats.isSymbolicLink()) return [name, fs.readlinkSync(path.join(folder, name))]
      return [name, stats.isFile() ? fs.readFileSync(path.join(folder, name), "utf8") : "no file"]
    })

/** Checks that an export fails before it reads anything and changes nothing. */
const isRefused = (at: Place, pattern: RegExp, out: string, ...args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const before = treeOf(at.cwd)
    const { code, stderr, stdout } = yield* exportHere(at, out, ...args)
    assert.match(stderr, pattern)
    assert.deepEqual([code, stdout], [ExitCode.storage, ""])
    assert.deepEqual(treeOf(at.cwd), before)
    assert.equal(at.requests(), 0)
    return stderr
  })

const modeOf = (cwd: string, name: string) => (fs.statSync(path.join(cwd, name)).mode & 0o777).toString(8)

const othersFiles: ReadonlyArray<Row> = [
  {
    fault:
      "The user has files or links named FILE.lock, FILE.partial, FILE.skipped, FILE.tmp or FILE.manifest.json.new",
    command: "avara export customers --out FILE --active",
    result: "None of them is read, written, followed or removed.",
    check: Effect.gen(function* () {
      const at = yield* place
      const { cwd } = at
      for (const name of names) fs.writeFileSync(path.join(cwd, name), `mine: ${name}`)
      fs.writeFileSync(path.join(cwd, "diary"), "dear diary")
      for (const name of names) fs.symlinkSync("diary", path.join(cwd, name.replace("c.csv", "l.csv")))
      const before = treeOf(cwd)
      for (const out of ["c.csv", "l.csv"]) {
        yield* unfinished(at, out, "--active")
        const { code, stderr } = yield* exportHere(at, out, "--active", "--resume")
        assert.deepEqual([code, stderr], [0, ""])
      }
      const made = new Set(["c.csv", "c.csv.manifest.json", "l.csv", "l.csv.manifest.json"])
      assert.deepEqual(
        treeOf(cwd).filter(([name]) => !made.has(name)),
        before
      )
    })
  },
  {
    fault: "A directory, file or link named .FILE.avara was not made by an export",
    command: "avara export customers --out FILE --discard",
    result: "The command refuses to start before it reads anything, and changes nothing in it.",
    check: Effect.gen(function* () {
      const at = yield* place
      const { cwd } = at
      fs.mkdirSync(path.join(cwd, ".a.ndjson.avara"), { mode: 0o700 })
      fs.writeFileSync(path.join(cwd, ".a.ndjson.avara", "rows"), "mine")
      fs.writeFileSync(path.join(cwd, ".b.ndjson.avara"), "mine")
      fs.mkdirSync(path.join(cwd, "elsewhere"))
      fs.symlinkSync("elsewhere", path.join(cwd, ".c.ndjson.avara"))
      fs.symlinkSync("nowhere", path.join(cwd, ".d.ndjson.avara"))
      fs.mkdirSync(path.join(cwd, ".e.ndjson.avara"), { mode: 0o700 })
      fs.writeFileSync(path.join(cwd, ".e.ndjson.avara", "lock"), "mine")
      fs.mkdirSync(path.join(cwd, ".f.ndjson.avara"))
      fs.chmodSync(path.join(cwd, ".f.ndjson.avara"), 0o777)
      for (const name of ["a", "b", "c", "d", "e", "f"]) {
        const whole =
          /avara(\/lock)?: it .*; nothing was changed\. Move it away, or write to another path\nMove it away, then run:/
        yield* isRefused(at, whole, `${name}.ndjson`, "--discard")
      }
    })
  },
  {
    fault: "`--out` is a link, a named pipe, a device or a directory",
    command: "avara export customers --out FILE",
    result: "The command refuses to start and says what the path is; for `/dev/stdout` it suggests `--out -`.",
    check: Effect.gen(function* () {
      const at = yield* place
      const { cwd } = at
      fs.writeFileSync(path.join(cwd, "target.csv"), "older")
      fs.symlinkSync("target.csv", path.join(cwd, "link.csv"))
      fs.symlinkSync("missing.csv", path.join(cwd, "dangling.csv"))
      spawnSync("mkfifo", [path.join(cwd, "pipe.csv")])
      fs.mkdirSync(path.join(cwd, "folder.csv"))
      yield* isRefused(at, /link\.csv: it is a symbolic link, .*; give the path that it points to/, "link.csv")
      yield* isRefused(at, /dangling\.csv: it is a symbolic link, /, "dangling.csv")
      yield* isRefused(at, /pipe\.csv: it is a named pipe, but an export writes a regular file/, "pipe.csv")
      yield* isRefused(at, /folder\.csv: it is a directory/, "folder.csv")
      yield* isRefused(at, /null: it is a device, .*\n.*or to - for standard output/, "/dev/null", "--format", "csv")
      const { code, stderr } = yield* run(exportTo("--out", "/dev/stdout", "--format", "csv"), at)
      assert.match(stderr, /stdout: it is .*\n.*or to - for standard output/)
      assert.equal(code, ExitCode.storage)
    })
  },
  {
    fault: "FILE.manifest.json is not a manifest, or FILE is too long a name to have one",
    command: "avara export customers --out FILE",
    result: "The command refuses to start before it reads anything; the file stays.",
    check: Effect.gen(function* () {
      const at = yield* place
      const { cwd } = at
      fs.writeFileSync(path.join(cwd, "a.csv.manifest.json"), '{"name":"an app"}')
      fs.symlinkSync("a.csv.manifest.json", path.join(cwd, "b.csv.manifest.json"))
      fs.mkdirSync(path.join(cwd, "c.csv.manifest.json"))
      yield* isRefused(at, /manifest\.json: it is not the manifest of an export, but an export needs/, "a.csv")
      yield* isRefused(at, /manifest\.json: it is a symbolic link, not a file/, "b.csv")
      yield* isRefused(at, /manifest\.json: it is a directory, not a file/, "c.csv")
      yield* isRefused(at, /the name is longer than the file system allows/, `${"n".repeat(244)}.csv`)
      const stderr = yield* isRefused(at, /\nMove it away, then run:\n/, "a.csv")
      fs.renameSync(path.join(cwd, "a.csv.manifest.json"), path.join(cwd, "app.json"))
      assert.equal((yield* runPrinted(at, printed(stderr).join(""))).code, 0)
    })
  },
  {
    fault: "The umask lets everyone read, and a replaced file has its own mode",
    command: "avara export customers --out FILE",
    result: "Only this user can read files with customers (0600); a replaced file keeps its mode.",
    check: Effect.gen(function* () {
      const at = yield* place
      const { cwd } = at
      yield* unfinished(at, "c.csv", "--active")
      assert.equal(modeOf(cwd, ".c.csv.avara"), "700")
      for (const name of fs.readdirSync(path.join(cwd, ".c.csv.avara"))) {
        assert.equal(modeOf(cwd, `.c.csv.avara/${name}`), "600", name)
      }
      assert.equal((yield* exportHere(at, "c.csv", "--active", "--resume")).code, 0)
      assert.deepEqual([modeOf(cwd, "c.csv"), modeOf(cwd, "c.csv.manifest.json")], ["600", "600"])
      fs.chmodSync(path.join(cwd, "c.csv"), 0o640)
      assert.equal((yield* run(exportTo("--out", "c.csv"), at)).code, 0)
      assert.deepEqual([modeOf(cwd, "c.csv"), modeOf(cwd, "c.csv.manifest.json")], ["640", "640"])
    })
  }
]

const standardOutput: ReadonlyArray<Row> = [
  {
    fault: "The server fails in the middle of a list that goes to standard output",
    command: "avara export customers --out -",
    result:
      "The rows so far are written, the exit code says that the list is not complete, and nothing is left on the disk.",
    check: Effect.gen(function* () {
      const at = yield* place
      const whole = yield* run(["export", "customers", "--out", "-"], at)
      assert.equal(whole.code, 0)
      assert.equal(jsonLinesOf(whole.stdout).length, customers)
      assert.equal(jsonLinesOf(whole.stderr)[0]?.["rows"], customers)
      at.setFault((offset) => (offset === 200 ? 500 : undefined))
      const { code, stderr, stdout } = yield* run(exportTo("--out", "-"), at)
      assert.equal(jsonLinesOf(stdout).length, 200)
      assert.match(stderr, /\nThe list on standard output is not complete\. Run the command again/)
      assert.equal(code, ExitCode.tryAgain)
      assert.deepEqual(fs.readdirSync(at.cwd), [])
    })
  },
  {
    fault: "A CSV goes to standard output",
    command: "avara export customers --out - --format csv",
    result:
      "The bytes are those of the CSV file. Options that need all rows first, `--resume` and `--discard` are refused with the reason.",
    check: Effect.gen(function* () {
      const at = yield* place
      yield* exportHere(at, "c.csv", "--bom")
      const { code, stderr, stdout } = yield* run(exportTo("--out", "-", "--format", "csv", "--bom"), at)
      assert.deepEqual([code, stderr], [0, ""])
      assert.equal(stdout, fs.readFileSync(path.join(at.cwd, "c.csv"), "utf8"))
      const refusals: ReadonlyArray<readonly [RegExp, ReadonlyArray<string>]> = [
        [/parquet needs all rows before it can be written/, ["--format", "parquet"]],
        [/--metadata columns needs all rows before it can be written/, ["--format", "csv", "--metadata", "columns"]],
        [/--out - keeps nothing to resume or discard; use --out FILE/, ["--resume"]],
        [/--out - keeps nothing to resume or discard; use --out FILE/, ["--discard"]]
      ]
      for (const [pattern, args] of refusals) {
        const refused = yield* run(exportTo("--out", "-", ...args), at)
        assert.match(refused.stderr, pattern)
        assert.equal(refused.code, ExitCode.usage)
      }
    })
  },
  {
    fault: "A name with characters that a terminal acts on is printed to a terminal",
    command: "avara export customers --out - --format csv",
    result: "They are shown as U+FFFD; in a pipe or a file, every byte is as the server sent it.",
    check: Effect.gen(function* () {
      const name = "\u001b]0;title\u0007\u009b31m\u202egnal"
      const { url } = yield* pages(3, name)
      const env = { AVARA_API_KEY: apiKey, AVARA_BASE_URL: url }
      for (const format of ["ndjson", "csv"]) {
        const args = exportTo("--out", "-", "--format", format)
        const piped = yield* run(args, { env })
        assert.ok(piped.stdout.includes(format === "csv" ? name : JSON.stringify(name).slice(1, -1)))
        if (!hasTerminal) continue
        const shown = yield* Effect.flatMap(startInTerminal(commandLine(args), 200, { env }), ({ ended }) => ended)
        assert.match(shown.stdout, /gnal 2/)
        assert.doesNotMatch(shown.stdout.replaceAll("\n", ""), /[\p{Cc}\p{Bidi_Control}]/u)
        assert.equal(shown.code, 0)
      }
    })
  },
  {
    fault: "The reader of standard output exits early",
    command: "avara export customers --out - | head -1",
    result: "The command ends with exit code 141 and says nothing.",
    check: Effect.gen(function* () {
      const at = yield* place
      const line = `{ ${[...command(), ...exportTo("--out", "-")].map(quoted).join(" ")}; echo "exit $?" >&2; } | head -1`
      const { stderr, stdout } = yield* run(["-c", line], at, ["/bin/sh"])
      assert.equal(linesOf(stdout).length, 1)
      assert.equal(stderr, `exit ${ExitCode.readerLeft}\n`)
    })
  }
]

const nextSteps: ReadonlyArray<Row> = [
  {
    fault: "Ctrl-C while the command finishes the file",
    command: "avara export customers --out FILE.csv",
    result: "The command says that the file will be complete in a moment, and ends with exit code 0.",
    check: Effect.gen(function* () {
      const at = yield* place
      const slow =
        'import fs from "node:fs";import{syncBuiltinESMExports}from"node:module";const{fsync}=fs;' +
        "fs.fsync=(fd,done)=>setTimeout(()=>fsync(fd,done),300);syncBuiltinESMExports()"
      const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(slow)}`
      const settings = { cwd: at.cwd, env: { ...at.env, NODE_OPTIONS } }
      const { child, ended } = yield* start(exportTo("--out", "c.csv"), settings)
      yield* until("the finished file", () => fs.existsSync(staging(at.cwd, "c.csv", "converted")))
      child.kill("SIGINT")
      const { code, stderr } = yield* ended
      assert.match(
        stderr,
        /^Finishing the file, which takes a moment; press Ctrl-C again to stop immediately, and finish it with --resume/
      )
      assert.equal(code, 0)
      assert.equal((yield* run(["verify", "c.csv"], at)).code, 0)
    })
  },
  {
    fault: "Ctrl-C twice while the command finishes the file",
    command: "avara export customers --out FILE.csv",
    result: "The command stops immediately, and the command that it prints finishes the file.",
    check: Effect.gen(function* () {
      const at = yield* place
      const slow =
        'import fs from "node:fs";import{syncBuiltinESMExports}from"node:module";const{fsync}=fs;' +
        "fs.fsync=(fd,done)=>setTimeout(()=>fsync(fd,done),1500);syncBuiltinESMExports()"
      const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(slow)}`
      const settings = { cwd: at.cwd, env: { ...at.env, NODE_OPTIONS } }
      const running = yield* start(exportTo("--out", "c.csv"), settings)
      yield* until("the finished file", () => fs.existsSync(staging(at.cwd, "c.csv", "converted")))
      running.child.kill("SIGINT")
      yield* running.until(/Finishing the file/)
      // Two simultaneous signals count as one.
      yield* Effect.sleep("300 millis")
      running.child.kill("SIGINT")
      const { code, stderr } = yield* running.ended
      assert.equal(code, ExitCode.interrupted)
      const { code: then } = yield* runPrinted(at, printed(stderr).at(-1) ?? "")
      assert.equal(then, 0)
      assert.equal((yield* run(["verify", "c.csv"], at)).code, 0)
    })
  },
  {
    fault: "The server no longer accepts the cursor when the export is resumed",
    command: "avara export customers --out FILE --resume",
    result: "The command says that the list must start over, and prints the command with `--discard`, which works.",
    check: Effect.gen(function* () {
      const at = yield* place
      yield* unfinished(at, "c.ndjson")
      at.setFault((offset) => (offset === 0 ? undefined : 400))
      const expired = yield* run(exportTo("--out", "c.ndjson", "--resume"), at)
      assert.match(expired.stderr, /the server no longer accepts its cursor, so the list must start over/)
      assert.equal(expired.code, ExitCode.storage)
      at.setFault(() => undefined)
      assert.deepEqual(printed(expired.stderr), ["export customers --quiet --out c.ndjson --discard"])
      const { code, stderr } = yield* runPrinted(at, printed(expired.stderr).join(""))
      assert.deepEqual([code, stderr], [0, ""])
      isWhole(at, "c.ndjson")
    })
  },
  {
    fault: "An unfinished export of FILE exists",
    command: "avara export customers --out FILE",
    result: "The command prints two commands: one that resumes it, and one that drops it. Both work.",
    check: Effect.gen(function* () {
      const at = yield* place
      for (const index of [0, 1]) {
        yield* unfinished(at, "it's.ndjson")
        const { code, stderr } = yield* run(exportTo("--out", "it's.ndjson"), at)
        assert.equal(code, ExitCode.storage)
        assert.equal(printed(stderr).length, 2)
        assert.deepEqual(yield* runPrinted(at, printed(stderr)[index] ?? ""), { code: 0, stdout: "", stderr: "" })
        isWhole(at, "it's.ndjson")
      }
    })
  },
  {
    fault: "The checkpoint is damaged or has other options, the rows were changed, or the server fails immediately",
    command: "avara export customers --out FILE --resume",
    result: "The command says why it cannot continue, and the command that it prints works.",
    check: Effect.gen(function* () {
      const at = yield* place
      const { cwd } = at
      const resumed = (name: string) => ["--out", name, "--resume"]
      yield* unfinished(at, "a.ndjson")
      fs.writeFileSync(staging(cwd, "a.ndjson", "checkpoint.json"), "{")
      yield* failsThenWorks(at, /it is not a checkpoint, or it is damaged/, ExitCode.storage, ...resumed("a.ndjson"))
      yield* unfinished(at, "b.ndjson")
      fs.writeFileSync(staging(cwd, "b.ndjson", "rows"), "x")
      yield* failsThenWorks(at, /the rows that it counts are missing or were/, ExitCode.storage, ...resumed("b.ndjson"))
      yield* unfinished(at, "c.ndjson")
      const others = [...resumed("c.ndjson"), "--active"]
      yield* failsThenWorks(at, /other options: active was not set and is true/, ExitCode.storage, ...others)
      yield* unfinished(at, "d.ndjson")
      at.setFault((offset) => (offset === 200 ? 500 : undefined))
      const failed = yield* run(exportTo(...resumed("d.ndjson")), at)
      at.setFault(() => undefined)
      assert.equal(failed.code, ExitCode.tryAgain)
      assert.equal((yield* runPrinted(at, printed(failed.stderr).join(""))).code, 0)
      for (const name of ["a", "b", "c", "d"]) isWhole(at, `${name}.ndjson`)
    })
  }
]

export const files: ReadonlyArray<Row> = [...locks, ...othersFiles, ...standardOutput, ...nextSteps]
