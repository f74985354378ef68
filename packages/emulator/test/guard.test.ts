import * as http from "node:http"
import { describe, expect, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Emulator from "../src/Emulator.js"
import { key } from "./support.js"

interface Sent {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly text: string
}

/** Sends a request with headers that `fetch` would set itself. */
const send = (method: string, path: string, headers: http.OutgoingHttpHeaders = {}, body = "") =>
  Effect.flatMap(Emulator.Emulator, ({ url }) =>
    Effect.async<Sent>((resume) => {
      const request = http.request(`${url}${path}`, { method, headers, agent: false }, (response) => {
        let text = ""
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk
        })
        response.on("end", () =>
          resume(Effect.succeed({ status: response.statusCode ?? 0, headers: response.headers, text }))
        )
      })
      request.on("error", (error) => resume(Effect.die(error)))
      request.end(body)
    })
  )

const codeOf = ({ text }: Sent): unknown => JSON.parse(text).error?.code

const isRefused = (host: string) =>
  Effect.map(
    send("GET", "/openapi.json", { host }),
    (sent) => sent.status === 421 && codeOf(sent) === "host_not_allowed"
  )

const cors = "http://localhost:3000"

layer(Emulator.layer({ customers: 3 }), { excludeTestServices: true })("an emulator for this machine only", (it) => {
  it.effect("accepts a Host of this machine with any port, and refuses every other one", () =>
    Effect.gen(function* () {
      for (const host of ["localhost", "LOCALHOST:1", "a.localhost:80", "127.0.0.1:8787", "127.9.9.9", "[::1]:8787"]) {
        expect([host, yield* isRefused(host)]).toEqual([host, false])
      }
      const foreign = ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "localhost.evil.example:80"]
      for (const host of [...foreign, "192.168.0.7", "0.0.0.0", "[::2]", "evil.example/localhost", "%%"]) {
        expect([host, yield* isRefused(host)]).toEqual([host, true])
      }
      for (const [method, path] of [
        ["GET", "/"],
        ["GET", "/docs"],
        ["GET", "/__emulator/customers"],
        ["POST", "/v1/express"]
      ] as const) {
        const refused = yield* send(method, path, { host: "evil.example", authorization: `Bearer ${key}` })
        expect([path, refused.status]).toEqual([path, 421])
        expect(refused.text).toMatch(/--host/)
        expect(refused.text).not.toContain("evil")
        expect(refused.headers["x-request-id"]).toMatch(/^req_/)
      }
    })
  )

  it.effect("has no CORS headers, and refuses a preflight", () =>
    Effect.gen(function* () {
      const preflight = yield* send("OPTIONS", "/v1/express", {
        origin: cors,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type"
      })
      expect(preflight.status).toBe(404)
      const list = yield* send("GET", "/v1/express", { origin: cors, authorization: `Bearer ${key}` })
      expect(list.status).toBe(200)
      for (const { headers } of [preflight, list]) {
        expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([])
      }
    })
  )

  it.effect("refuses changes by a page of another site", () =>
    Effect.gen(function* () {
      const { count, url } = yield* Emulator.Emulator
      const json = { "content-type": "application/json" }
      const crossSite: ReadonlyArray<http.OutgoingHttpHeaders> = [
        { origin: "http://evil.example", "content-type": "application/x-www-form-urlencoded" },
        { origin: "http://evil.example", ...json },
        { origin: "http://evil.example", "sec-fetch-site": "cross-site" },
        { origin: "null", ...json },
        { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site", ...json },
        { origin: `${url}.evil.example`, ...json },
        { "sec-fetch-site": "cross-site", ...json },
        { "sec-fetch-site": "same-site", ...json }
      ]
      for (const path of ["/__emulator/reset", "/__emulator/faults", "/%5f_emulator/reset", "//__emulator/reset"]) {
        for (const method of ["POST", "DELETE", "PUT"]) {
          for (const headers of crossSite) {
            const refused = yield* send(method, path, headers, "{}")
            expect([path, method, headers, refused.status, codeOf(refused)]).toEqual([
              path,
              method,
              headers,
              403,
              "cross_site"
            ])
          }
        }
      }
      const form = yield* send("POST", "/__emulator/reset", { "content-type": "text/plain" }, "{}")
      expect([form.status, codeOf(form)]).toEqual([415, "unsupported_media_type"])
      expect(yield* count).toBe(3)
    })
  )
})

describe("an emulator for other machines or origins", () => {
  it.effect("--host allows its name, and 0.0.0.0 allows every name", () =>
    Effect.gen(function* () {
      const refusals = Effect.all([isRefused("localhost:1"), isRefused("127.0.0.2:1"), isRefused("emulator:8787")])
      const one = yield* Effect.provide(refusals, Emulator.layer({ host: "127.0.0.2" }))
      expect(one).toEqual([false, false, true])
      const all = yield* Effect.provide(refusals, Emulator.layer({ host: "0.0.0.0" }))
      expect(all).toEqual([false, false, false])
    })
  )

  it.effect("--cors allows pages of one origin to call everything", () =>
    Effect.gen(function* () {
      const preflight = (origin: string) =>
        send("OPTIONS", "/v1/express/x", {
          origin,
          "access-control-request-method": "PATCH",
          "access-control-request-headers": "authorization,content-type"
        })
      const allowed = yield* preflight(cors)
      expect(allowed).toMatchObject({
        status: 204,
        headers: {
          "access-control-allow-origin": cors,
          "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
          "access-control-allow-headers": "authorization,content-type"
        }
      })
      const others = ["http://evil.example", "null", `${cors}.evil.example`, `${cors}0`, "http://localhost:3001"]
      for (const other of [...others, "https://localhost:3000", "http://LOCALHOST:3000", `${cors}/`]) {
        const refused = yield* preflight(other)
        expect([other, refused.headers["access-control-allow-origin"]]).toEqual([other, undefined])
      }
      const bearer = { authorization: `Bearer ${key}` }
      const list = yield* send("GET", "/v1/express", { origin: cors, ...bearer })
      expect(list).toMatchObject({
        status: 200,
        headers: {
          "access-control-allow-origin": cors,
          "access-control-expose-headers": "cf-ray,request-id,retry-after,retry-after-ms,x-request-id,x-should-retry"
        }
      })
      const wrongKey = yield* send("GET", "/v1/express", { origin: cors })
      expect(wrongKey).toMatchObject({ status: 401, headers: { "access-control-allow-origin": cors } })
      const headers = { "content-type": "application/json", "sec-fetch-site": "cross-site" }
      const own = yield* send("POST", "/__emulator/nothing", { origin: cors, ...headers })
      const foreign = yield* send("POST", "/__emulator/nothing", { origin: "http://evil.example", ...headers })
      expect([own.status, foreign.status]).toEqual([404, 403])
      expect((yield* send("GET", "/v1/express", { origin: cors, host: "evil.example" })).status).toBe(421)
    }).pipe(Effect.provide(Emulator.layer({ cors })))
  )

  for (const wrong of [
    "*",
    "null",

    "localhost:3000",
    "http://localhost:3000/",
    "http://localhost/app",
    "file:///x"
  ]) {
    it.scoped(`refuses ${JSON.stringify(wrong)} as an origin`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(Layer.build(Emulator.layer({ cors: wrong })))
        expect(String(error)).toMatch(/cors.*http:\/\/localhost:3000.*\* is not allowed/)
      })
    )
  }
})
