/** Hostile text from a server, a file or its name occupies the same lines on a terminal as harmless text. */
import * as fs from "node:fs"
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import * as FastCheck from "effect/FastCheck"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { runInProcess, type Shown } from "./inProcess.js"
import { stubEnvironment } from "./stubEnvironment.js"

const piece = FastCheck.oneof(
  FastCheck.constantFrom(
    "\u001b[2J",
    "\u001b[31m",
    "\u001b]0;title\u0007",
    "\u001b]8;;https://example.com\u0007here\u001b]8;;\u0007",
    "\u001b]52;c;cm0gLXJm\u0007",
    "\u009b2J",
    "\u009d0;title\u009c",
    "\u0000\u0008\u007f",
    "\u202edesrever\u202c",
    "\u2066\u2067\u2069\u200e\u200f\u061c",
    "\u2028",
    "\u2029",
    "\ufeff\u200b\u00ad",
    "\u{e0041}\u{e007f}",
    "\ud800",
    "\t",
    "\r",
    "\r\n",
    "\ncus_00000000000000000000000000000000  Forged  yes  7\n",
    "\navara: forged\n",
    `a${"\u0301".repeat(300)}`,
    " ".repeat(200),
    "x".repeat(5000),
    "name"
  ),
  FastCheck.string({ unit: "binary", maxLength: 10 })
)

const hostileText = FastCheck.array(piece, { minLength: 1, maxLength: 6 })
  .map((pieces) => pieces.join(""))
  .filter((text) => text.length > 0)

/** The behavior of a server for every request. */
interface Behavior {
  readonly kind: "ok" | "refusal" | "issues" | "words" | "notDone" | "wrongShape" | "noJson"
  readonly status: number
}

const behavior: FastCheck.Arbitrary<Behavior> = FastCheck.record({
  kind: FastCheck.constantFrom("ok", "ok", "refusal", "issues", "words", "notDone", "wrongShape", "noJson"),
  status: FastCheck.constantFrom(302, 400, 401, 403, 404, 409, 418, 422, 429, 500, 503)
})

/** Failures that show whether the customer was created, so that an import does not wait and look for it. */
const isDecided = ({ kind, status }: Behavior) =>
  kind === "ok" ||
  (["refusal", "issues", "words"].includes(kind) && [400, 401, 403, 404, 409, 418, 422].includes(status))

const customerOf = (text: string) => ({
  expressCustomerId: "cus_00000000000000000000000000000001",
  expressCustomerName: text,
  isActive: true,
  userCount: 3,
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: null,
  createdByApiKeyId: text,
  metadata: { [`k${text}`]: text, other: text },
  [`unknown${text}`]: { [text]: text }
})

const bodyOf = ({ kind }: Behavior, text: string, isList: boolean, isUsers: boolean): string => {
  const customer = customerOf(text)
  switch (kind) {
    case "ok":
      return JSON.stringify(
        isUsers
          ? { success: true, message: text }
          : isList
            ? { expressCustomers: [customer], hasMore: false }
            : customer
      )
    case "notDone":
      return JSON.stringify({ success: false, message: text })
    case "refusal":
      return JSON.stringify({ error: { message: text, code: text } })
    case "issues":
      return JSON.stringify({ errors: [text, { path: [text, 1, text], message: text }, { field: text, msg: text }] })
    case "words":
      return `no ${text}`
    case "wrongShape":
      return JSON.stringify({ ...customer, expressCustomerId: text, isActive: text, metadata: { [text]: 5 } })
    case "noJson":
      return `{"message":"${text}`
  }
}

const isSuccess = ({ kind }: Behavior) =>
  kind === "ok" || kind === "notDone" || kind === "wrongShape" || kind === "noJson"

let current: { readonly behavior: Behavior; readonly text: string }

const server = http.createServer((request, response) => {
  const { behavior, text } = current
  request.resume().once("end", () => {
    response.writeHead(isSuccess(behavior) ? 200 : behavior.status, {
      "content-type": "application/json",
      "retry-after-ms": "1",
      "x-request-id": `id${text.replace(/[^\t\x20-\x7e\x80-\xff]/g, "")}`
    })
    const url = request.url ?? ""
    const isList = request.method === "GET" && /^\/v1\/express(?:\?|$)/.test(url)
    response.end(bodyOf(behavior, text, isList, url.endsWith("/users")))
  })
})

let baseUrl: string

const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "avara-hostile-")))

const id = "cus_00000000000000000000000000000001"

const user = "usr_00000000000000000000000000000001"

const inDirectory = (name: string) => path.join(directory, name)

/** Creates new files of rows, where one row is invalid, and an export whose manifest contains the text. */
const writeFiles = (text: string) => {
  fs.rmSync(directory, { recursive: true, force: true })
  fs.mkdirSync(directory)
  fs.writeFileSync(inDirectory("new.csv"), "expressCustomerName,metadata.region\nOne,north\nTwo,\n,south\n")
  fs.writeFileSync(inDirectory("users.csv"), `expressCustomerId,userId\n${id},${user}\n${id},nobody\n`)
  fs.writeFileSync(inDirectory("all.ndjson"), "{}\n")
  fs.writeFileSync(inDirectory("text.ndjson"), `${JSON.stringify({ expressCustomerId: text, [text]: text })}\n`)
  const manifest = { version: 1, format: text, rows: text, sha256: text, [text]: text }
  fs.writeFileSync(inDirectory("all.ndjson.manifest.json"), JSON.stringify(manifest))
}

const commands: Readonly<Record<string, ReadonlyArray<string>>> = {
  list: ["customers", "list"],
  get: ["customers", "get", id],
  create: ["customers", "create", "--name", "One", "--metadata", "region=north"],
  "create --once": ["customers", "create", "--name", "One", "--once", "1"],
  update: ["customers", "update", id, "--name", "Two"],
  "update of metadata": ["customers", "update", id, "--metadata", "region=north", "--replace-metadata"],
  deactivate: ["customers", "deactivate", id],
  reactivate: ["customers", "reactivate", id],
  add: ["users", "add", id, user],
  remove: ["users", "remove", id, user],
  export: ["export", "customers", "--out", inDirectory("out.ndjson")],
  "export to standard output": ["export", "customers", "--out", "-"],
  "export as CSV": ["export", "customers", "--out", inDirectory("out.csv")],
  import: ["import", "customers", inDirectory("new.csv"), "--concurrency", "1"],
  bulk: ["bulk", "deactivate", inDirectory("users.csv"), "--concurrency", "1"],
  "bulk of users": ["bulk", "add-users", inDirectory("users.csv"), "--concurrency", "1"],
  "bulk of a hostile file": ["bulk", "add-users", inDirectory("text.ndjson")],
  verify: ["verify", inDirectory("all.ndjson")],
  doctor: ["doctor"]
}

const harmful = /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff\u200b\u00ad\u{e0000}-\u{e007f}]/gu

const lineCounts = ({ stderr, stdout }: Shown) => ({
  stdout: stdout.split("\n").length,
  stderr: stderr.split("\n").length
})

stubEnvironment()

beforeAll(async () => {
  await new Promise<void>((resume) => server.listen(0, "127.0.0.1", resume))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
  fs.rmSync(directory, { recursive: true, force: true })
})

describe("hostile text on a terminal", () => {
  for (const [name, argv] of Object.entries(commands)) {
    for (const form of ["--table", "--json"]) {
      it(`has the lines of harmless text, and no control character: ${name} ${form}`, { timeout: 60_000 }, async () => {
        const property = FastCheck.asyncProperty(
          hostileText,
          name === "import" ? behavior.filter(isDecided) : behavior,
          // The output to a pipe is data.
          name === "export to standard output" ? FastCheck.constant(true) : FastCheck.boolean(),
          async (text, behavior, isTerminal) => {
            const words = [...argv, form, "--base-url", baseUrl, "--debug", "--max-retries", "1"]
            const show = async (text: string) => {
              writeFiles(text)
              current = { behavior, text }
              return runInProcess(words, isTerminal)
            }
            const shown = await show(text)
            expect(`${shown.stdout}${shown.stderr}`.match(harmful) ?? []).toEqual([])
            expect(lineCounts(shown)).toEqual(lineCounts(await show("x")))
            if (form === "--json")
              for (const line of shown.stdout.trimEnd().split("\n")) if (line !== "") JSON.parse(line)
          }
        )
        await FastCheck.assert(property, { numRuns: 8 })
      })
    }
  }

  it("is the same value in JSON", async () => {
    for (const text of FastCheck.sample(hostileText, 50)) {
      current = { behavior: { kind: "ok", status: 200 }, text }
      const [list, get] = [
        await runInProcess(["customers", "list", "--json", "--base-url", baseUrl], true),
        await runInProcess(["customers", "get", id, "--json", "--base-url", baseUrl], true)
      ]
      expect(list.stderr).toBe("")
      const received: unknown = JSON.parse(JSON.stringify(customerOf(text)))
      expect(JSON.parse(list.stdout)).toEqual(received)
      expect(JSON.parse(get.stdout)).toMatchObject({ expressCustomerName: text, createdByApiKeyId: text })
    }
  })

  it("in a job, its file's name and its rows occupies the lines of harmless text", async () => {
    const lines: Array<unknown> = []
    for (const name of ["harmless.ndjson", "a\nb\u001b[31m.ndjson", "c\u202ed\u009b.ndjson", "e'f\\g\r.ndjson"]) {
      writeFiles("x")
      const row = { expressCustomerName: name, metadata: { [name]: "" }, [name]: name }
      fs.writeFileSync(inDirectory(name), `${JSON.stringify(row)}\n${JSON.stringify({ [name]: name })}\n`)
      const jobs = (...argv: ReadonlyArray<string>) =>
        runInProcess(["jobs", ...argv, "--database", `sqlite:${inDirectory("jobs.db")}`], true)
      const id = (await jobs("submit", "import", inDirectory(name))).stdout.trim()
      const found = [
        await jobs("submit", "import", inDirectory(name)),
        await jobs("list"),
        await jobs("show", id),
        await jobs("show", id, "--json"),
        await jobs("rejects", id),
        await jobs("rejects", id, "--json"),
        await jobs("show", name),
        await jobs("changes", name),
        await jobs("unschedule", name)
      ]
      expect(found.map(({ stderr, stdout }) => `${stdout}${stderr}`.match(harmful) ?? [])).toEqual(found.map(() => []))
      lines.push(found.map(lineCounts))
    }
    expect(lines).toEqual(lines.map(() => lines[0]))
  })

  it("in a file's name stays on the line of that name, and the command that resumes finds the file", async () => {
    for (const name of ["a\nb\u001b[31m.csv", "c\u202ed\u009b.ndjson", "e'f\\g\r.csv"]) {
      writeFiles("x")
      const file = inDirectory(name)
      fs.writeFileSync(file, name.endsWith(".csv") ? `expressCustomerId\n${id}\n` : `{"expressCustomerId":"${id}"}\n`)
      current = { behavior: { kind: "refusal", status: 401 }, text: "x" }
      for (const argv of [
        ["bulk", "deactivate", file],
        ["export", "customers", "--out", file],
        ["verify", file]
      ]) {
        const shown = await runInProcess([...argv, "--base-url", baseUrl], true)
        expect(`${shown.stdout}${shown.stderr}`.match(harmful) ?? []).toEqual([])
        expect(lineCounts(shown).stderr).toBeLessThanOrEqual(4)
      }
    }
  })
})
