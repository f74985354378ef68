import type * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as AvaraError from "../../AvaraError.js"
import type { AnyOperation, Refusal } from "../request/operation.js"
import type { Detail } from "./detail.js"
import type { Circumstances } from "./failure.js"

/** A refusal: its status, and the details of its body. */
interface Refused {
  readonly context: Circumstances
  readonly status: number
  readonly retryAfter: Option.Option<Duration.Duration>
  readonly detail: Detail
}

/** The errors that never come from a refusal. */
type Unrefused =
  | AvaraError.ConnectionFailed
  | AvaraError.TimedOut
  | AvaraError.InvalidResponse
  | AvaraError.OutcomeUnknown
  | AvaraError.BrokenPagination

/** The errors that a refusal can cause, except `UnexpectedStatus`. */
type Known = Exclude<AvaraError.AvaraError, Unrefused | AvaraError.UnexpectedStatus>

/** The refusals that cause an error, and how to create it. */
interface Meaning<E> {
  readonly fits: (refused: Refused, knows: (refusal: Refusal) => boolean) => boolean
  readonly error: (refused: Refused, subject: AnyOperation["subject"]) => E
}

const inactiveStatuses: ReadonlySet<number> = new Set([400, 403, 409, 422])

const said = ({ context, detail }: Refused) =>
  detail.message === undefined ? context : { ...context, detail: detail.message }

const waiting = (refused: Refused) =>
  Option.match(refused.retryAfter, {
    onNone: () => said(refused),
    onSome: (retryAfter) => ({ ...said(refused), retryAfter })
  })

const ofMember = (refused: Refused, subject: AnyOperation["subject"]) => {
  const { membership } = refused.detail
  return subject?.userId === undefined || membership === undefined ? said(refused) : { ...said(refused), membership }
}

const missingSubject = (saysUser: boolean, subject: AnyOperation["subject"]) =>
  subject?.userId !== undefined && saysUser
    ? { resource: "user", id: subject.userId }
    : { resource: subject?.resource ?? "resource", id: subject?.id ?? "" }

/** The errors of refusals; the first match wins. */
const meanings: { readonly [E in Known as E["_tag"]]: Meaning<E> } = {
  Inactive: {
    fits: ({ detail, status }, knows) => knows("Inactive") && detail.saysInactive && inactiveStatuses.has(status),
    error: (refused, subject) =>
      new AvaraError.Inactive({ ...said(refused), status: refused.status, id: subject?.id ?? "" })
  },
  Validation: {
    fits: ({ status }) => status === 400 || status === 422,
    error: ({ context, detail, status }) => {
      const issues =
        detail.issues.length > 0 ? detail.issues : [{ path: [], message: detail.message ?? "no reason was given" }]
      return new AvaraError.Validation({ ...context, source: "server", status, issues })
    }
  },
  Unauthorized: {
    fits: ({ status }) => status === 401,
    error: (refused) => new AvaraError.Unauthorized(said(refused))
  },
  Forbidden: {
    fits: ({ status }) => status === 403,
    error: (refused) => new AvaraError.Forbidden(said(refused))
  },
  NotFound: {
    fits: ({ status }, knows) => status === 404 && knows("NotFound"),
    error: (refused, subject) =>
      new AvaraError.NotFound({ ...ofMember(refused, subject), ...missingSubject(refused.detail.saysUser, subject) })
  },
  Conflict: {
    fits: ({ status }, knows) => status === 409 && knows("Conflict"),
    error: (refused, subject) => new AvaraError.Conflict({ ...ofMember(refused, subject), status: 409 })
  },
  RateLimited: {
    fits: ({ status }) => status === 429,
    error: (refused) => new AvaraError.RateLimited(waiting(refused))
  },
  ServerError: {
    fits: ({ status }) => status >= 500,
    error: (refused) => new AvaraError.ServerError({ ...waiting(refused), status: refused.status })
  }
}

/** Returns an operation's error for a status other than 2xx. @internal */
export const refusalOf = (
  { refusals, subject }: AnyOperation,
  refused: Refused
): AvaraError.CallError | Extract<AvaraError.AvaraError, { readonly _tag: Refusal }> => {
  const knows = (refusal: Refusal) => refusals.includes(refusal)
  const meaning = Object.values(meanings).find(({ fits }) => fits(refused, knows))
  return meaning === undefined
    ? new AvaraError.UnexpectedStatus({ ...said(refused), status: refused.status })
    : meaning.error(refused, subject)
}
