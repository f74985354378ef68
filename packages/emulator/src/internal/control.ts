import * as HttpIncomingMessage from "@effect/platform/HttpIncomingMessage"
import * as HttpRouter from "@effect/platform/HttpRouter"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import type * as Issue from "@effect-avara/core/Issue"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { invalidRequest } from "../ExpressApi.js"
import type { SetFault } from "../Fault.js"
import { maxBodySize } from "./handlers.js"
import { decodeFaults, decodeState, type Refused } from "./inputs.js"
import * as Page from "./page.js"
import type { Parts } from "./parts.js"
import { search } from "./search.js"

const prefix = "/__emulator/"

/** Checks whether a path belongs to the control routes of the emulator. */
export const isControl = (path: string): boolean => path.startsWith(prefix)

const maxStateSize = 64 * 1024 * 1024

const issue = (message: string): ReadonlyArray<Issue.Issue> => [{ path: [], message }]

const refused = (issues: ReadonlyArray<Issue.Issue>) =>
  HttpServerResponse.unsafeJson(invalidRequest(issues), { status: 400 })

const notFound = (message: string) =>
  HttpServerResponse.unsafeJson({ error: { code: "not_found", message } }, { status: 404 })

/** Reads the JSON of a body, after a check of its declared size. */
const jsonOf = Effect.fnUntraced(function* (maxSize: number) {
  const request = yield* HttpServerRequest.HttpServerRequest
  if (Number(request.headers["content-length"] ?? 0) > maxSize) {
    return yield* Effect.fail(issue(`expected a body of at most ${maxSize} bytes`))
  }
  return yield* request.json.pipe(
    HttpIncomingMessage.withMaxBodySize(Option.some(maxSize)),
    Effect.mapError(() => issue("expected a body of well-formed JSON"))
  )
})

const issuesOf = ({ issues }: Refused) => issues

const json = (body: unknown, status = 200) => HttpServerResponse.unsafeJson(body, { status })

/** Creates the routes under `/__emulator`, which need no API key, are not recorded, and are not affected by faults. */
export const make = ({ recorder, script, store }: Parts) => {
  const counted = Effect.map(store.count, (customers) => json({ customers }))
  const listed = Effect.map(script.list, (faults) => json({ faults }))
  const id = Effect.map(HttpRouter.params, (params) => params["id"] ?? "")

  const addFaults = Effect.gen(function* () {
    const faults = yield* Effect.mapError(decodeFaults(yield* jsonOf(maxBodySize)), issuesOf)
    const ids = yield* script.add(faults)
    const isAdded = (fault: SetFault) => ids.includes(fault.id)
    return json({ faults: (yield* script.list).filter(isAdded) }, 201)
  }).pipe(Effect.catchAll((issues) => Effect.succeed(refused(issues))))

  const removeFault = Effect.flatMap(Effect.flatMap(id, script.remove), (isRemoved) =>
    isRemoved ? listed : Effect.succeed(notFound("There is no fault with this id."))
  )

  const requests = Effect.gen(function* () {
    const { url } = yield* HttpServerRequest.HttpServerRequest
    const after = new URL(url, "http://emulator").searchParams.get("after") ?? "0"
    if (!/^\d{1,15}$/.test(after)) return refused([{ path: ["after"], message: "expected the id of a request" }])
    const all = yield* recorder.all
    return json({ requests: all.filter((request) => request.id > Number(after)) })
  })

  const putState = Effect.gen(function* () {
    const state = yield* Effect.mapError(decodeState(yield* jsonOf(maxStateSize)), issuesOf)
    yield* store.load(state)
    return yield* counted
  }).pipe(Effect.catchAll((issues) => Effect.succeed(refused(issues))))

  const customer = Effect.flatMap(Effect.flatMap(id, store.given), (found) =>
    Effect.succeed(Predicate.isUndefined(found) ? notFound("There is no customer with this id.") : json(found))
  )

  return HttpRouter.empty.pipe(
    HttpRouter.get("/__emulator/faults", listed),
    HttpRouter.post("/__emulator/faults", addFaults),
    HttpRouter.del("/__emulator/faults", Effect.zipRight(script.clear, listed)),
    HttpRouter.del("/__emulator/faults/:id", removeFault),
    HttpRouter.get("/__emulator/requests", requests),
    HttpRouter.del("/__emulator/requests", Effect.as(recorder.clear, json({ requests: [] }))),
    HttpRouter.post("/__emulator/reset", Effect.zipRight(store.reset, counted)),
    HttpRouter.get("/__emulator/state", Effect.map(store.state, json)),
    HttpRouter.put("/__emulator/state", putState),
    HttpRouter.get("/__emulator/customers", search(store)),
    HttpRouter.get("/__emulator/customers/:id", customer),
    HttpRouter.concat(Page.files)
  )
}
