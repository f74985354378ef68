import type { Operation } from "../Fault.js"

/** The name of an operation and the pattern of its route. */
export interface Route {
  readonly operation: Operation
  readonly route: string
}

const list = "/v1/express"
const one = "/v1/express/:expressCustomerId"

const routes: ReadonlyArray<Route & { readonly method: string }> = [
  { method: "POST", route: list, operation: "customers.create" },
  { method: "GET", route: list, operation: "customers.list" },
  { method: "GET", route: one, operation: "customers.retrieve" },
  { method: "PATCH", route: one, operation: "customers.update" },
  { method: "POST", route: `${one}/deactivate`, operation: "customers.deactivate" },
  { method: "POST", route: `${one}/reactivate`, operation: "customers.reactivate" },
  { method: "POST", route: `${one}/users`, operation: "users.add" },
  { method: "DELETE", route: `${one}/users`, operation: "users.remove" }
]

const matches = (route: string, path: string): boolean => {
  const parts = path.split("/")
  const expected = route.split("/")
  return (
    parts.length === expected.length &&
    expected.every((part, index) => (part.startsWith(":") ? parts[index] !== "" : part === parts[index]))
  )
}

export const pathOf = (url: string): string => url.split(/[?#]/, 1).join()

/** Returns the operation of a request, if there is one. */
export const routeOf = (method: string, url: string): Route | undefined =>
  routes.find((known) => known.method === method && matches(known.route, pathOf(url)))
