import { readdirSync, readFileSync } from "node:fs"
import * as http from "node:http"
import * as HttpRouter from "@effect/platform/HttpRouter"
import * as HttpServer from "@effect/platform/HttpServer"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { rateOf } from "../src/internal/page/rate.js"
import { JobsDatabaseFailed } from "../src/JobError.js"
import { Jobs } from "../src/Jobs.js"
import * as JobsPage from "../src/JobsPage.js"
import { type FakeJob, fakeJob, idOf, makeFakeJobs, samplesAt, secretOfRow, start } from "./fakeJobs.js"

const folder = new URL("../src/internal/browser/", import.meta.url)

const token = Redacted.make("a-token-of-a-person")

const bearer = { authorization: `Bearer ${Redacted.value(token)}` }

const own = { "x-avara-jobs": "1" }

interface Asked {
  readonly method?: string
  readonly headers?: http.OutgoingHttpHeaders
}

interface Answered {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly text: string
}

/** Sends a request with `node:http`, because `fetch` does not let a test set the `Host`. */
const ask = (url: string, path: string, { headers = {}, method = "GET" }: Asked = {}) =>
  Effect.async<Answered>((resume) => {
    const { hostname, port } = new URL(url)
    const request = http.request({
      hostname: hostname.replace(/[[\]]/g, ""),
      port,
      path,
      method,
      headers,
      agent: false
    })
    request.on("response", (response) => {
      const parts: Array<Buffer> = []
      response.on("data", (part) => parts.push(part))
      response.on("end", () =>
        resume(
          Effect.succeed({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString()
          })
        )
      )
    })
    request.on("error", (error) => resume(Effect.die(error)))
    request.end()
  })

const errorOf = ({ text }: Answered): { readonly code: string; readonly message: string } => JSON.parse(text).error

/** Serves the page of these jobs, and returns a function that sends it requests. */
const open = Effect.fnUntraced(function* (
  given: ReadonlyArray<FakeJob> = [],
  options: JobsPage.Options & { readonly host?: string } = {}
) {
  const { host = "127.0.0.1", ...pageOptions } = options
  const jobs = makeFakeJobs(given)
  const context = yield* JobsPage.layer(pageOptions).pipe(
    Layer.provide(NodeHttpServer.layerServer(() => http.createServer(), { host, port: 0 })),
    Layer.provide(Layer.succeed(Jobs, jobs.service)),
    Layer.build
  )
  const page = Context.get(context, JobsPage.JobsPage)
  return { jobs, page, ask: (path: string, asked?: Asked) => ask(page.url, path, asked) }
})

it.scoped("serves the page and all of its files, which contain nothing inline and write no HTML", () =>
  Effect.gen(function* () {
    const { ask, page } = yield* open()
    expect(page.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    expect(Redacted.value(page.signInUrl)).toBe(page.url)
    const index = yield* ask("/")
    expect([index.status, index.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"])
    expect(index.text).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?! type="module" src="page)|https?:/)
    const files = readdirSync(folder).filter((name) => name !== "tsconfig.json")
    for (const name of files) {
      const { headers, status, text } = yield* ask(`/page/${name}`)
      expect([name, status]).toEqual([name, 200])
      expect(headers["content-type"]).toMatch(/^(?:text\/(?:javascript|css|html); charset=utf-8|image\/svg\+xml)$/)
      expect(text).toBe(readFileSync(new URL(name, folder), "utf8"))
      expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|\.style\b/)
    }
    for (const name of ["tsconfig.json", "..%2fpageFiles.ts", "nothing.js", "constructor"])
      expect([name, (yield* ask(`/page/${name}`)).status]).toEqual([name, 404])
  })
)

it.scoped("protects every response, even failures", () =>
  Effect.gen(function* () {
    const { ask } = yield* open()
    for (const path of [
      "/",
      "/page/main.js",
      "/api/jobs",
      "/api/jobs/none",
      "/nowhere",
      "//",
      "/%",
      "/api/jobs/%E0%A4%A"
    ]) {
      const { headers } = yield* ask(path)
      expect(headers).toMatchObject({
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY"
      })
      const policy = String(headers["content-security-policy"])
      for (const directive of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"])
        expect(policy.split("; ")).toContain(directive)
      expect(policy).not.toContain("unsafe")
    }
  })
)

it.scoped("lists jobs in pages, newest first, with the rate of running jobs", () =>
  Effect.gen(function* () {
    const given = Array.from({ length: 60 }, (_, index) =>
      index === 59
        ? fakeJob(59, { subject: "<script>.csv" }, { samples: samplesAt(50, 20) })
        : fakeJob(index, index % 2 === 0 ? { state: "done" } : { kind: "mirror" })
    )
    const { ask } = yield* open(given)
    const page = (query: string) => Effect.map(ask(`/api/jobs${query}`), ({ text }) => JSON.parse(text))
    const first = yield* page("")
    expect(first.hasMore).toBe(true)
    expect(first.jobs).toHaveLength(25)
    expect(first.jobs[0]).toMatchObject({ id: idOf(59), subject: "<script>.csv", rate: 50 })
    expect(first.jobs[1]).not.toHaveProperty("rate")
    const last = yield* page(`?after=${idOf(10)}`)
    expect([last.hasMore, last.jobs.length, last.jobs[0].id]).toEqual([false, 10, idOf(9)])
    const mirrors = yield* page("?kind=mirror&state=running")
    expect(mirrors.jobs).toHaveLength(25)
    expect((yield* page("?state=failed")).jobs).toEqual([])
    for (const query of ["?state=lost", "?kind=x", "?after=none"])
      expect([query, (yield* ask(`/api/jobs${query}`)).status]).toEqual([query, 400])
  })
)

it.scoped("shows one job with its samples, and its rejects in pages with only lines and reasons", () =>
  Effect.gen(function* () {
    const samples = samplesAt(10, 5)
    const { ask } = yield* open([
      fakeJob(1, {}, { samples, rejects: 500_000 }),
      fakeJob(2, { state: "done" }, { samples })
    ])
    const one = JSON.parse((yield* ask(`/api/jobs/${idOf(1)}`)).text)
    expect(one.job).toMatchObject({ id: idOf(1), rate: 10, progress: { done: 290 } })
    expect(one.samples).toHaveLength(6)
    expect(JSON.parse((yield* ask(`/api/jobs/${idOf(2)}`)).text).job).not.toHaveProperty("rate")
    const { text } = yield* ask(`/api/jobs/${idOf(1)}/rejects?after=499980`)
    const { hasMore, rejects } = JSON.parse(text)
    expect([hasMore, rejects.length]).toEqual([false, 20])
    expect(rejects[0]).toEqual({
      line: 499_981,
      reasons: ["metadata.region: expected text of at most 1000 characters", "row 499981 <b>is</b> refused"]
    })
    expect(text).not.toContain(secretOfRow)
    expect(JSON.parse((yield* ask(`/api/jobs/${idOf(1)}/rejects`)).text)).toMatchObject({ hasMore: true })
    for (const query of ["?after=-1", "?after=x", "?after=1.5"])
      expect([query, (yield* ask(`/api/jobs/${idOf(1)}/rejects${query}`)).status]).toEqual([query, 400])
  })
)

it.scoped("cancels and retries a job, or reports why it cannot", () =>
  Effect.gen(function* () {
    const { ask, jobs } = yield* open([fakeJob(1)])
    const post = (action: string) => ask(`/api/jobs/${idOf(1)}/${action}`, { method: "POST", headers: own })
    const wrong = yield* post("retry")
    expect([wrong.status, errorOf(wrong).code]).toEqual([409, "not_possible"])
    expect(errorOf(wrong).message).toContain("which is running")
    expect(JSON.parse((yield* post("cancel")).text)).toMatchObject({ id: idOf(1), state: "cancelling" })
    jobs.change(idOf(1), { state: "cancelled" })
    expect(JSON.parse((yield* post("retry")).text)).toMatchObject({ state: "queued", run: 2 })
  })
)

it.scoped("responds to a wrong id with 404 and to a wrong method with 405", () =>
  Effect.gen(function* () {
    const { ask } = yield* open([fakeJob(1)])
    for (const id of ["none", "job_1", idOf(2), `${idOf(1)}x`, "%00", "..%2f..", "x".repeat(3000)]) {
      for (const path of [`/api/jobs/${id}`, `/api/jobs/${id}/rejects`]) {
        const answered = yield* ask(path)
        expect([path.slice(0, 60), answered.status]).toEqual([path.slice(0, 60), 404])
        expect(answered.text.length).toBeLessThan(300)
      }
      const { status } = yield* ask(`/api/jobs/${id}/cancel`, { method: "POST", headers: own })
      expect([id.slice(0, 60), status]).toEqual([id.slice(0, 60), 404])
    }
    for (const [method, path, allow] of [
      ["GET", `/api/jobs/${idOf(1)}/cancel`, "POST"],
      ["DELETE", `/api/jobs/${idOf(1)}`, "GET, HEAD"],
      ["POST", "/api/jobs", "GET, HEAD"],
      ["POST", "/", "GET, HEAD"]
    ] as const) {
      const { headers, status } = yield* ask(path, { method, headers: own })
      expect([method, path, status, headers["allow"]]).toEqual([method, path, 405, allow])
    }
    const head = yield* ask("/api/jobs", { method: "HEAD" })
    expect([head.status, head.text]).toEqual([200, ""])
  })
)

it.scoped("reports a failing database without a secret, and continues when it works again", () =>
  Effect.gen(function* () {
    const logged: Array<string> = []
    const logger = Logger.make<unknown, void>(({ message }) => void logged.push(String(message)))
    const { ask, jobs } = yield* open([fakeJob(1)]).pipe(Effect.provide(Logger.replace(Logger.defaultLogger, logger)))
    jobs.breakWith(new JobsDatabaseFailed({ reason: "busy", detail: "host db.internal user avara" }))
    for (const [method, path] of [
      ["GET", "/api/jobs"],
      ["GET", `/api/jobs/${idOf(1)}`],
      ["GET", `/api/jobs/${idOf(1)}/rejects`],
      ["POST", `/api/jobs/${idOf(1)}/cancel`]
    ] as const) {
      const answered = yield* ask(path, { method, headers: own })
      expect([path, answered.status, errorOf(answered).code]).toEqual([path, 503, "database_failed"])
      expect(errorOf(answered).message).toContain("another program holds a lock on it")
      expect(answered.text).not.toContain("db.internal")
    }
    expect(logged).toHaveLength(4)
    expect(logged[0]).toContain("db.internal")
    jobs.breakWith(undefined)
    expect((yield* ask("/api/jobs")).status).toBe(200)
  })
)

it.scoped("refuses any Host but this machine without a token", () =>
  Effect.gen(function* () {
    const { ask } = yield* open()
    const statusOf = (host: string, path = "/api/jobs") =>
      Effect.map(ask(path, { headers: { host } }), ({ status }) => status)
    for (const host of ["localhost", "127.0.0.1:1", "[::1]:80", "jobs.localhost:8788", "LOCALHOST"])
      expect([host, yield* statusOf(host)]).toEqual([host, 200])
    for (const host of [
      "evil.example",
      "127.0.0.1.evil.example",
      "localhost.evil.example",
      "[",
      "10.0.0.1",
      "a b",
      "0.0.0.0"
    ])
      expect([host, yield* statusOf(host)]).toEqual([host, 421])
    expect(yield* statusOf("evil.example", "/")).toBe(421)
  })
)

it.scoped("refuses requests of pages of other sites", () =>
  Effect.gen(function* () {
    const { ask, jobs } = yield* open([fakeJob(1)])
    const path = `/api/jobs/${idOf(1)}/cancel`
    const post = (headers: http.OutgoingHttpHeaders) => ask(path, { method: "POST", headers })
    for (const headers of [
      {},
      { ...own, origin: "https://evil.example" },
      { ...own, origin: "null" },
      { ...own, "sec-fetch-site": "cross-site" },
      { ...own, "sec-fetch-site": "same-site" },
      { ...own, host: "localhost:1", origin: "http://localhost:2" }
    ])
      expect([headers, (yield* post(headers)).status]).toEqual([headers, 403])
    expect((yield* ask("/api/jobs", { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403)
    expect((yield* jobs.service.status(idOf(1))).state).toBe("running")
    expect((yield* post({ ...own, host: "localhost:1", origin: "http://localhost:1" })).status).toBe(200)
  })
)

it.scoped("requires the token, in a header or as the cookie that it sets", () =>
  Effect.gen(function* () {
    const { ask, page } = yield* open([fakeJob(1)], { token })
    expect(Redacted.value(page.signInUrl)).toBe(`${page.url}#token=${Redacted.value(token)}`)
    expect(String(page.signInUrl)).not.toContain(Redacted.value(token))
    for (const headers of [
      {},
      { authorization: "Bearer" },
      { authorization: "Bearer wrong" },
      { cookie: "avara_jobs=" }
    ]) {
      const { headers: answered, status, text } = yield* ask("/api/jobs", { headers })
      expect([headers, status, answered["www-authenticate"]]).toEqual([headers, 401, "Bearer"])
      expect(text).not.toContain("clinics")
    }
    expect((yield* ask("/")).status).toBe(200)
    expect((yield* ask("/api/jobs", { headers: { ...bearer, host: "jobs.example.com" } })).status).toBe(200)
    const refused = yield* ask("/api/session", { method: "POST", headers: own })
    expect([refused.status, refused.headers["set-cookie"]]).toEqual([401, undefined])
    const signedIn = yield* ask("/api/session", {
      method: "POST",
      headers: { ...own, ...bearer, "x-forwarded-proto": "https" }
    })
    const [cookie = ""] = signedIn.headers["set-cookie"] ?? []
    expect(signedIn.status).toBe(204)
    expect(cookie).toMatch(/^avara_jobs_[0-9a-f]{8}=[0-9a-f]{56}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect((yield* ask("/api/jobs", { headers: { cookie: cookie.split(";")[0] ?? "" } })).status).toBe(200)
    expect((yield* ask("/api/jobs", { headers: { cookie: `${cookie.split("=")[0]}=${"0".repeat(56)}` } })).status).toBe(
      401
    )
  })
)

it.scoped("creates a new token each time on an address other than loopback", () =>
  Effect.gen(function* () {
    const tokens = new Set<string>()
    for (const host of ["0.0.0.0", "0.0.0.0"]) {
      const { ask, page } = yield* open([], { host })
      const text = Option.match(page.token, { onNone: () => "", onSome: Redacted.value })
      expect(text).toMatch(/^[\w-]{43}$/)
      tokens.add(text)
      expect((yield* ask("/api/jobs")).status).toBe(401)
      expect((yield* ask("/api/jobs", { headers: { authorization: `Bearer ${text}` } })).status).toBe(200)
    }
    expect(tokens.size).toBe(2)
  })
)

it.scoped("ends after the requests in flight, although a browser keeps its connection and polls every second", () =>
  Effect.gen(function* () {
    const { service } = makeFakeJobs([fakeJob(1)])
    const asked = yield* Deferred.make<void>()
    const go = yield* Deferred.make<void>()
    const slow = (id: string) =>
      Effect.zipRight(Deferred.succeed(asked, undefined), Effect.zipRight(go, service.status(id)))
    const scope = yield* Scope.make()
    const context = yield* JobsPage.layer().pipe(
      Layer.provide(NodeHttpServer.layerServer(() => http.createServer(), { host: "127.0.0.1", port: 0 })),
      Layer.provide(Layer.succeed(Jobs, { ...service, status: slow })),
      Layer.buildWithScope(scope)
    )
    const { url } = Context.get(context, JobsPage.JobsPage)
    const headers = { connection: "keep-alive" }
    const answer = yield* Effect.fork(ask(url, `/api/jobs/${idOf(1)}`, { headers }))
    yield* asked
    const closed = yield* Effect.fork(Scope.close(scope, Exit.void))
    yield* Effect.repeat(Effect.exit(ask(url, "/")), { until: Exit.isFailure })
    yield* Deferred.succeed(go, undefined)
    expect((yield* answer).headers["connection"]).toBe("close")
    yield* closed
  })
)

it.scoped("refuses a token that is easy to guess, and does not repeat it", () =>
  Effect.gen(function* () {
    for (const text of ["", "short", "fifteen-letters", "a token with spaces in it", "an-umlaut-äöü-in-the-token"]) {
      const exit = yield* Effect.exit(open([], { token: Redacted.make(text) }))
      expect([text, Exit.isFailure(exit)]).toEqual([text, true])
      if (text !== "") expect(JSON.stringify(exit)).not.toContain(text)
      expect(JSON.stringify(exit)).toContain("at least 16 visible ASCII characters")
    }
  })
)

it.scoped("can be mounted in another router", () =>
  Effect.gen(function* () {
    const app = yield* JobsPage.app()
    const context = yield* Layer.build(
      NodeHttpServer.layerServer(() => http.createServer(), { host: "127.0.0.1", port: 0 })
    )
    const server = Context.get(context, HttpServer.HttpServer)
    yield* server
      .serve(HttpRouter.empty.pipe(HttpRouter.mountApp("/team/jobs", app)))
      .pipe(Effect.provideService(Jobs, makeFakeJobs([fakeJob(1)]).service))
    const url = HttpServer.formatAddress(server.address)
    const moved = yield* ask(url, "/team/jobs")
    expect([moved.status, moved.headers["location"]]).toEqual([302, "./jobs/"])
    for (const path of ["/team/jobs/", "/team/jobs/page/main.js", "/team/jobs/api/jobs"])
      expect([path, (yield* ask(url, path)).status]).toEqual([path, 200])
  })
)

it("computes the rate from only the last 10 seconds", () => {
  const at = (second: number, done: number, rejected = 0) => ({
    at: DateTime.add(start, { seconds: second }),
    done,
    rejected
  })
  expect(rateOf([])).toBeUndefined()
  expect(rateOf([at(0, 0)])).toBeUndefined()
  expect(rateOf([at(0, 0), at(2, 30, 10)])).toBe(20)
  expect(rateOf([at(0, 0), at(60, 6000), at(70, 6050)])).toBe(5)
  expect(rateOf([at(0, 100), at(10, 100), at(20, 100)])).toBe(0)
  expect(rateOf([at(0, 100, 900), at(10, 100, 0)])).toBe(0)
})
