/** Durable jobs on SQLite: submitting, showing and processing work, Ctrl-C and continuing. */
import * as fs from "node:fs"
import { join } from "node:path"
import { expect, it, layer } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { runInProcess } from "./inProcess.js"
import { concurrent, emulatorEnv, jsonLinesOf, linesOf, runHere, start, temporaryDirectory } from "./support.js"

const write = (cwd: string, name: string, lines: ReadonlyArray<string>) => {
  const file = join(cwd, name)
  fs.writeFileSync(file, lines.map((line) => `${line}\n`).join(""))
  return file
}

it.scoped("jobs are submitted and shown without an API key", () =>
  Effect.gen(function* () {
    const cwd = yield* temporaryDirectory
    const database = `sqlite:${join(cwd, "jobs.db")}`
    const jobs = (...args: ReadonlyArray<string>) =>
      Effect.promise(() => runInProcess(["jobs", ...args, "--database", database], false))
    const file = write(cwd, "new.csv", [
      "expressCustomerName,metadata.region",
      "First,north",
      "Second,south",
      ",nowhere"
    ])

    expect(yield* jobs("list")).toEqual({
      code: 10,
      stdout: "",
      stderr: `<avara:> ${database} does not exist; submit a job to create it, or name another database with --database or AVARA_JOBS_DATABASE\n`
    })
    const submitted = yield* jobs("submit", "import", file)
    expect(submitted).toMatchObject({
      code: 0,
      stderr: `To work on it, start a worker:\n  avara jobs worker --database ${database}\n`
    })
    expect(submitted.stdout).toMatch(/^job_[0-9a-f]{32}\n$/)
    const id = submitted.stdout.trim()

    const again = yield* jobs("submit", "import", file)
    expect([again.code, linesOf(again.stderr)]).toEqual([
      6,
      [
        expect.stringContaining(`<avara:> new.csv was already submitted as ${id}, which is queued`),
        "To show that job:",
        `  avara jobs show ${id} --database ${database}`
      ]
    ])
    expect(linesOf((yield* jobs("list", "--table")).stdout)).toEqual([
      "<ID                                    STATE   PROGRESS  REJECTED  JOB             SUBMITTED (UTC)>",
      expect.stringMatching(new RegExp(`^${id}  queued  33%       1         import new\\.csv  20..-..-.. ..:..$`))
    ])
    expect(yield* jobs("list", "--kind", "mirror", "--table")).toEqual({
      code: 0,
      stdout: "",
      stderr: "There are no matching jobs.\n"
    })
    expect(jsonLinesOf((yield* jobs("show", id)).stdout)).toEqual([
      expect.objectContaining({
        id,
        state: "queued",
        progress: { total: 3, pending: 2, sent: 0, done: 0, rejected: 1 }
      })
    ])
    expect((yield* jobs("show", id, "--table")).stderr).toBe(
      `The job continues while a worker is running. To start one:\n  avara jobs worker --database ${database}\n`
    )
    expect((yield* jobs("show", id)).stderr).toBe("")
    expect(jsonLinesOf((yield* jobs("rejects", id)).stdout)).toEqual([
      expect.objectContaining({ line: 4, issues: [expect.anything()], row: expect.anything() })
    ])
    expect((yield* jobs("rejects", id, "--table")).stdout).toBe(
      "<LINE  REASON>\n4     expressCustomerName: is required\n"
    )

    expect((yield* jobs("cancel", id, "--table")).stdout).toMatch(/^<state +> {2}cancelled$/m)
    const watched = yield* jobs("watch", id)
    expect([watched.code, watched.stderr]).toEqual([
      6,
      `<avara:> ${id} was cancelled\nTo continue it:\n  avara jobs retry ${id} --database ${database}\n`
    ])
    expect(jsonLinesOf(watched.stdout)).toEqual([expect.objectContaining({ id, state: "cancelled" })])
    const refused = yield* jobs("cancel", id)
    expect([refused.code, refused.stderr]).toEqual([
      6,
      expect.stringContaining(`cannot cancel ${id}, which is cancelled: `)
    ])
    const missing = yield* jobs("show", `job_${"0".repeat(32)}`)
    expect([missing.code, missing.stderr]).toEqual([
      4,
      expect.stringMatching(
        /there is no job .*\nTo list the jobs of sqlite:.*jobs\.db:\n {2}avara jobs list --database sqlite:.*\n$/
      )
    ])
    const notMirrored = yield* jobs("changes", "clinics")
    expect([notMirrored.code, notMirrored.stderr]).toEqual([4, expect.stringContaining("no complete mirror")])
  })
)

/** Returns the messages of a command, without those that only a slow machine prints. */
const saidBy = (stderr: string) => linesOf(stderr).filter((line) => !/^Writing the rows|\d\/s /.test(line))

const names = Array.from({ length: 40 }, (_, index) => `Clinic ${index}`)

const faults = [{ type: "delay", operation: "customers.create", millis: 60 }] as const

layer(Emulator.layer({ faults }), { excludeTestServices: true })("jobs in this process", (it) => {
  const untilMoreThan = (count: number) =>
    Effect.flatMap(Emulator.Emulator, (emulator) => emulator.count).pipe(
      Effect.repeat({ until: (now) => now > count, schedule: Schedule.spaced("20 millis") }),
      Effect.timeout("20 seconds")
    )

  it.scoped(
    "stop after the rows that were sent; the same command continues and creates each customer once",
    () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator.Emulator
        const cwd = yield* temporaryDirectory
        const env = yield* emulatorEnv
        write(cwd, "new.csv", ["expressCustomerName", ...names, '""'])
        const args = ["jobs", "import", "new.csv"]

        const first = yield* start(args, { cwd, env })
        yield* untilMoreThan(5)
        first.child.kill("SIGINT")
        const stopped = yield* first.ended
        expect(saidBy(stopped.stderr)).toEqual([
          "Stopping after the rows that were already sent; press Ctrl-C again to stop immediately.",
          expect.stringMatching(/^Stopped after \d+ of 41 rows\. To continue:$/),
          "  avara jobs import new.csv"
        ])
        expect([stopped.code, stopped.stdout]).toEqual([130, ""])

        const second = yield* start(args, { cwd, env })
        const { code, stderr, stdout } = yield* second.ended
        expect(saidBy(stderr)).toEqual([
          expect.stringMatching(/^Continuing job_.*, which is running\.$/),
          "To show the rejected rows and the reasons:",
          expect.stringMatching(/^ {2}avara jobs rejects job_.*$/)
        ])
        expect(jsonLinesOf(stdout)).toEqual([
          expect.objectContaining({ state: "done", progress: expect.objectContaining({ done: 40, rejected: 1 }) })
        ])
        expect(code).toBe(5)
        const created = (yield* emulator.customers).map(({ expressCustomerName }) => expressCustomerName)
        expect(created.toSorted()).toEqual(names.toSorted())

        const again = yield* runHere(args, { cwd })
        expect([again.code, again.stderr]).toEqual([6, expect.stringMatching(/which is done.*\nTo show that job:\n/)])
      }),
    { ...concurrent, timeout: 60_000 }
  )
})

layer(Emulator.layer({ customers: 3 }), { excludeTestServices: true })("a worker", (it) => {
  it.scoped(
    "processes the submitted jobs, and ends when no job is left",
    () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator.Emulator
        const cwd = yield* temporaryDirectory
        const env = { AVARA_JOBS_DATABASE: "sqlite:jobs.db" }
        const ids = (yield* emulator.customers).map(({ expressCustomerId }) => expressCustomerId)
        const file = write(cwd, "ids.csv", ["expressCustomerId", ...ids])
        const database = ["--database", `sqlite:${join(cwd, "jobs.db")}`]
        const client = (...args: ReadonlyArray<string>) =>
          Effect.promise(() => runInProcess(["jobs", ...args, ...database], false))
        yield* client("submit", "bulk", "deactivate", file)
        yield* client("submit", "mirror", "--into", "clinics")

        const { code, stderr, stdout } = yield* runHere(["jobs", "worker", "--once"], { cwd, env })
        expect(code).toBe(0)
        expect(saidBy(stderr)[0]).toBe("Working on the jobs of sqlite:jobs.db. Press Ctrl-C to stop.")
        expect(stderr).toMatch(/job_.* {2}deactivate ids\.csv: done, 3 rows done$/m)
        expect(stderr).toMatch(/job_.* {2}mirror clinics: done, 3 customers done$/m)
        expect(jsonLinesOf(stdout).map(({ state }) => state)).toEqual(["done", "done"])
        expect((yield* emulator.customers).map(({ isActive }) => isActive)).toEqual([false, false, false])
        const changes = yield* client("changes", "clinics")
        expect(jsonLinesOf(changes.stdout).map(({ id, kind }) => [id, kind])).toEqual(
          ids.toSorted().map((id) => [id, "created"])
        )
        expect(changes.stderr).toMatch(/^Changes of the last mirror \(.* UTC\): 3 created\n$/)
      }),
    concurrent
  )

  it.scoped(
    "follows a schedule until a signal, excludes a second worker, and leaves the schedule in the database",
    () =>
      Effect.gen(function* () {
        const cwd = yield* temporaryDirectory
        const database = ["--to", `sqlite:${join(cwd, "jobs.db")}`]
        const client = (...args: ReadonlyArray<string>) =>
          Effect.promise(() => runInProcess(["jobs", ...args, "--database", `sqlite:${join(cwd, "jobs.db")}`], false))
        const args = ["jobs", "mirror", "--every", "* * * * * *", ...database]
        const { child, ended, until } = yield* start(args, { cwd, env: yield* emulatorEnv })
        yield* until(/job_.* {2}mirror avara_customers: done, 3 customers done/)
        const second = yield* runHere(["jobs", "bulk", "deactivate", "ids.csv", "--database", "sqlite:jobs.db"], {
          cwd
        })
        expect([second.code, linesOf(second.stderr)]).toEqual([
          10,
          [
            expect.stringContaining("a worker already runs on"),
            "To submit the work to that worker:",
            "  avara jobs submit bulk deactivate ids.csv --database sqlite:jobs.db"
          ]
        ])
        child.kill("SIGTERM")
        const { code, stderr } = yield* ended
        expect(stderr).toMatch(
          /^The schedule mirror:avara_customers starts its next run at .* UTC\. To remove the schedule:\n {2}avara jobs unschedule mirror:avara_customers --database sqlite:.*\n/
        )
        expect(code).toBe(143)
        expect(jsonLinesOf((yield* client("schedules")).stdout)).toEqual([
          expect.objectContaining({ name: "mirror:avara_customers", cron: "* * * * * *", zone: "UTC" })
        ])
        expect((yield* client("unschedule", "mirror:avara_customers")).code).toBe(0)
        const again = yield* client("unschedule", "mirror:avara_customers")
        expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("there is no schedule with this name")])
      }),
    concurrent
  )
})
