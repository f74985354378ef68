import type * as Duration from "effect/Duration"
import * as Either from "effect/Either"
import type * as Option from "effect/Option"
import * as AvaraError from "../../AvaraError.js"
import * as Issue from "../../Issue.js"
import type { OnDrift } from "../decode/decoder.js"
import type { Prepared } from "../request/request.js"
import { outline } from "../secrets/outline.js"
import type { Redactor } from "../secrets/redaction.js"
import { codingsOf, isSuccess, type Received } from "../transport/transport.js"
import { expectedCodings, looseText, valueOf } from "./body.js"
import { detailOf } from "./detail.js"
import { circumstancesOf, type Failure, failureOf } from "./failure.js"
import { refusalOf } from "./refusal.js"
import { retryAfter } from "./retryAfter.js"

/** Why a successful response cannot be decoded. */
type Unreadable = Pick<AvaraError.InvalidResponse, "reason" | "issues">

const maxIssues = 20

/** Masks metadata keys, which are data of the response. */
const cleanPath = (path: Issue.Issue["path"], redactor: Redactor): Issue.Issue["path"] =>
  path.map((segment, index) => {
    if (typeof segment === "number") return segment
    return path[index - 1] === "metadata" ? "…" : redactor.words(segment)
  })

const parse = <A>({ operation }: Prepared<A>, { body, head }: Received): Either.Either<unknown, Unreadable> =>
  Either.mapLeft(valueOf(body, operation, head.headers["content-type"]), (message) =>
    codingsOf(head.headers["content-encoding"]) === undefined
      ? { reason: "encoding", issues: [{ path: [], message: expectedCodings }] }
      : { reason: "notJson", issues: [{ path: [], message }] }
  )

const decode = <A>(
  { operation }: Prepared<A>,
  json: unknown,
  onDrift: OnDrift | undefined
): Either.Either<A, Unreadable> =>
  operation.decode(json, onDrift).pipe(
    Either.mapLeft(Issue.fromParseError),
    Either.flatMap((value) => {
      const issues = operation.check?.(value) ?? []
      return issues.length === 0 ? Either.right(value) : Either.left(issues)
    }),
    Either.mapLeft((issues) => ({ reason: "shape", issues }))
  )

const invalidResponse = (
  prepared: Prepared<unknown>,
  attempts: number,
  { body, head }: Received,
  { issues, reason }: Unreadable
) =>
  new AvaraError.InvalidResponse({
    ...circumstancesOf(prepared, attempts, head),
    status: head.status,
    reason,
    issues: issues
      .slice(0, maxIssues)
      .map(({ message, path }) => ({ path: cleanPath(path, prepared.redactor()), message })),
    // Compressed bytes are not readable.
    snippet: reason === "encoding" ? "" : outline(looseText(body))
  })

/** Returns the error for a status other than 2xx, with the words of its body. */
const refusalIn = (
  prepared: Prepared<unknown>,
  attempts: number,
  { body, head }: Received,
  wait: Option.Option<Duration.Duration>
): AvaraError.AvaraError =>
  refusalOf(prepared.operation, {
    context: circumstancesOf(prepared, attempts, head),
    status: head.status,
    detail: detailOf(looseText(body), prepared.redactor),
    retryAfter: wait
  })

/** Interprets a response: returns the operation's value or a failure. @internal */
export const resultOf = <A>(
  prepared: Prepared<A>,
  attempts: number,
  received: Received,
  nowMillis: number,
  onDrift: OnDrift | undefined
): Either.Either<A, Failure> => {
  const { operation, redactor } = prepared
  const { head } = received
  const wait = () => retryAfter(head.headers, nowMillis)
  if (!isSuccess(head)) {
    const asked = wait()
    return Either.left(failureOf(head, refusalIn(prepared, attempts, received, asked), asked))
  }
  return Either.flatMap(parse(prepared, received), (json) => decode(prepared, json, onDrift)).pipe(
    Either.mapBoth({
      onLeft: (unreadable) => failureOf(head, invalidResponse(prepared, attempts, received, unreadable), wait()),
      onRight: (value) => operation.clean?.(value, (text) => redactor().words(text)) ?? value
    })
  )
}
