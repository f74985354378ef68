import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import type { JobNotFound, JobsDatabaseFailed, NotPossible } from "../../JobError.js"
import type { Jobs } from "../../Jobs.js"
import * as pageFiles from "../pageFiles.js"
import type { Access } from "./access.js"
import * as Api from "./api.js"
import * as Guard from "./guard.js"
import { headers, refuse } from "./respond.js"

interface Call {
  readonly request: HttpServerRequest.HttpServerRequest
  readonly access: Access
  /** The text that the group in the pattern of the path has matched. */
  readonly part: string
  readonly search: URLSearchParams
}

type Response = HttpServerResponse.HttpServerResponse

interface Route {
  readonly method: "GET" | "POST"
  readonly path: RegExp
  readonly handle: (call: Call) => Effect.Effect<Response, JobNotFound | NotPossible | JobsDatabaseFailed, Jobs>
  /** Whether a browser needs it before sign-in; it must contain nothing about the jobs. */
  readonly isPublic?: boolean
}

const withId =
  (handle: (id: string, search: URLSearchParams) => ReturnType<Route["handle"]>): Route["handle"] =>
  ({ part, search }) =>
    handle(part, search)

const job = "/api/jobs/([^/]+)"

const routes: ReadonlyArray<Route> = [
  { method: "GET", path: /^\/$/, handle: ({ request }) => index(request), isPublic: true },
  { method: "GET", path: /^\/page\/([^/]+)$/, handle: ({ part }) => file(part), isPublic: true },
  { method: "POST", path: /^\/api\/session$/, handle: ({ access, request }) => Effect.succeed(access.signIn(request)) },
  { method: "GET", path: /^\/api\/jobs$/, handle: ({ search }) => Api.list(search) },
  { method: "GET", path: new RegExp(`^${job}$`), handle: withId(Api.one) },
  { method: "GET", path: new RegExp(`^${job}/rejects$`), handle: withId(Api.rejects) },
  { method: "POST", path: new RegExp(`^${job}/cancel$`), handle: withId((id) => Api.change(id, "cancel")) },
  { method: "POST", path: new RegExp(`^${job}/retry$`), handle: withId((id) => Api.change(id, "retry")) }
]

const notFound = refuse(404, "not_found", "There is nothing at this path.")

const file = (name: string) => Effect.map(pageFiles.read(name), (found) => found ?? notFound)

/** The page refers to its files by relative paths, so the path of a mounted page must end with a slash. */
const index = ({ originalUrl }: HttpServerRequest.HttpServerRequest) => {
  const [path = ""] = originalUrl.split("?", 1)
  if (path.endsWith("/")) return file("index.html")
  return Effect.succeed(HttpServerResponse.redirect(`./${path.slice(path.lastIndexOf("/") + 1)}/`))
}

const respond = (
  access: Access,
  request: HttpServerRequest.HttpServerRequest
): Effect.Effect<Response, never, Jobs> => {
  const [path = "", query = ""] = request.url.split("?", 2)
  const method = request.method === "HEAD" ? "GET" : request.method
  const sameName = routes.filter((route) => route.path.test(path))
  const route = sameName.find((route) => route.method === method)
  if (sameName.length === 0) return Effect.succeed(notFound)
  if (route === undefined) {
    const allow = sameName.map((route) => (route.method === "GET" ? "GET, HEAD" : route.method)).join(", ")
    return Effect.succeed(refuse(405, "method_not_allowed", `This path allows only ${allow}.`, { allow }))
  }
  const refusal = route.isPublic ? undefined : Guard.checkCall(request, access)
  if (refusal !== undefined) return Effect.succeed(refusal)
  const part = route.path.exec(path)?.[1] ?? ""
  return Api.asResponse(route.handle({ request, access, part, search: new URLSearchParams(query) }))
}

/** @internal */
export const make = (access: Access): HttpApp.Default<never, Jobs> =>
  Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => {
    const refusal = Guard.checkHost(request, access)
    return refusal === undefined ? respond(access, request) : Effect.succeed(refusal)
  }).pipe(
    Effect.catchAllDefect((defect) =>
      Effect.as(
        Effect.logError("The page of the jobs failed", defect),
        refuse(500, "failed", "The page failed. See its log for the reason.")
      )
    ),
    Effect.map(HttpServerResponse.setHeaders(headers))
  )
