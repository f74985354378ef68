/** Durable jobs on SQLite: handing work over, looking at it, working on it, Ctrl-C and going on. */
import * as fs from "node:fs"
import { join } from "node:path"
import { expect, layer } from "@effect/vitest"
import { Emulator } from "@effect-avara/emulator"
import * as Effect from "effect/Effect"
import { jsonLinesOf, linesOf, run, temporaryDirectory } from "./support.js"

const rows = ["expressCustomerName,metadata.region", "First,north", "Second,south", ",nowhere"]

const write = (cwd: string, name: string, lines: ReadonlyArray<string>) =>
  fs.writeFileSync(join(cwd, name), lines.map((line) => `${line}\n`).join(""))

layer(Emulator.layer(), { excludeTestServices: true })("jobs", (it) => {
  it.scoped("are handed over and looked at without an API key", () =>
    Effect.gen(function* () {
      const cwd = yield* temporaryDirectory
      const jobs = (...args: ReadonlyArray<string>) => run(["jobs", ...args], { cwd })
      write(cwd, "new.csv", rows)

      expect(yield* jobs("list")).toEqual({
        code: 10,
        stdout: "",
        stderr:
          "avara: sqlite:avara-jobs.db does not exist; submit a job to create it, or name another database with --database or AVARA_JOBS_DATABASE\n"
      })
      const submitted = yield* jobs("submit", "import", "new.csv")
      expect(submitted).toMatchObject({ code: 0, stderr: "To work on it, start a worker:\n  avara jobs worker\n" })
      expect(submitted.stdout).toMatch(/^job_[0-9a-f]{32}\n$/)
      const id = submitted.stdout.trim()

      const [again, list, none, shown, rejects] = yield* Effect.all(
        [
          jobs("submit", "import", "new.csv"),
          jobs("list", "--table"),
          jobs("list", "--kind", "mirror"),
          jobs("show", id),
          jobs("rejects", id)
        ],
        { concurrency: 2 }
      )
      expect(again.code).toBe(6)
      expect(linesOf(again.stderr)).toEqual([
        `avara: new.csv was submitted already, as ${id}, which is queued`,
        "To see that job:",
        `  avara jobs show ${id}`
      ])
      expect(linesOf(list.stdout)).toEqual([
        expect.stringMatching(/^ID +STATE +DONE +REJECTED +JOB +SUBMITTED \(UTC\)$/),
        expect.stringMatching(new RegExp(`^${id}  queued  33%   1         import new\\.csv  20..-..-.. ..:..$`))
      ])
      expect(none).toEqual({ code: 0, stdout: "", stderr: "" })
      expect(jsonLinesOf(shown.stdout)).toEqual([
        expect.objectContaining({
          id,
          state: "queued",
          progress: { total: 3, pending: 2, sent: 0, done: 0, rejected: 1 }
        })
      ])
      expect(jsonLinesOf(rejects.stdout)).toEqual([expect.objectContaining({ line: 4, issues: [expect.anything()] })])

      const cancelled = yield* jobs("cancel", id, "--table")
      expect(cancelled.stdout).toMatch(/^state +cancelled$/m)
      const refused = yield* jobs("cancel", id)
      expect([refused.code, refused.stderr]).toEqual([
        6,
        expect.stringContaining(`avara: cannot cancel ${id}, which is cancelled: `)
      ])
      const missing = yield* jobs("show", `job_${"0".repeat(32)}`)
      expect([missing.code, missing.stderr]).toEqual([
        4,
        expect.stringMatching(/there is no job .*\nThe jobs of sqlite:avara-jobs.db:\n {2}avara jobs list\n$/)
      ])
    })
  )
})
