import type * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as AvaraError from "../../AvaraError.js"
import type { Operation, Refusal, Replay } from "../request/operation.js"
import type { Detail } from "./detail.js"

/** @internal */
export interface Refused {
  readonly context: { readonly operation: string; readonly attempts: number; readonly requestId?: string }
  readonly status: number
  readonly retryAfter: Option.Option<Duration.Duration>
  readonly detail: Detail
}

const inactiveStatuses: ReadonlySet<number> = new Set([400, 403, 409, 422])

const notFound = ({ subject }: Operation<unknown, Refusal, Replay>, saysUser: boolean) =>
  subject?.userId !== undefined && saysUser
    ? { resource: "user", id: subject.userId }
    : { resource: subject?.resource ?? "resource", id: subject?.id ?? "" }

/** The error that a status other than 2xx means to an operation. @internal */
export const refusalOf = (
  operation: Operation<unknown, Refusal, Replay>,
  { context, detail, retryAfter, status }: Refused
): AvaraError.AvaraError => {
  const said = detail.message === undefined ? {} : { detail: detail.message }
  const wait = Option.match(retryAfter, { onNone: () => ({}), onSome: (retryAfter) => ({ retryAfter }) })
  const membership =
    operation.subject?.userId === undefined || detail.membership === undefined ? {} : { membership: detail.membership }
  const knows = (refusal: Refusal) => operation.refusals.includes(refusal)
  if (detail.saysInactive && inactiveStatuses.has(status) && knows("Inactive")) {
    return new AvaraError.Inactive({ ...context, status, id: operation.subject?.id ?? "", ...said })
  }
  if (status === 400 || status === 422) {
    const issues =
      detail.issues.length > 0 ? detail.issues : [{ path: [], message: detail.message ?? "it gives no reason" }]
    return new AvaraError.Validation({ ...context, source: "server", status, issues })
  }
  if (status === 401) return new AvaraError.Unauthorized({ ...context, ...said })
  if (status === 403) return new AvaraError.Forbidden({ ...context, ...said })
  if (status === 404 && knows("NotFound")) {
    return new AvaraError.NotFound({ ...context, ...notFound(operation, detail.saysUser), ...membership, ...said })
  }
  if (status === 409 && knows("Conflict"))
    return new AvaraError.Conflict({ ...context, status, ...membership, ...said })
  if (status === 429) return new AvaraError.RateLimited({ ...context, ...wait, ...said })
  if (status >= 500) return new AvaraError.ServerError({ ...context, status, ...wait, ...said })
  return new AvaraError.UnexpectedStatus({ ...context, status, ...said })
}
