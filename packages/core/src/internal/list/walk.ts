import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import { constTrue } from "effect/Function"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { type AvaraError, BrokenPagination } from "../../AvaraError.js"
import * as Issue from "../../Issue.js"
import { makeHandoff } from "./handoff.js"
import { makeIdSet } from "./idSet.js"
import type { CheckedPage } from "./overlap.js"
import type { Options, Page, StreamedPage } from "./page.js"
import { makeTextSet, type TextSet } from "./textSet.js"

/** A page of a list, by its number and its cursor. */
interface Position {
  readonly cursor: string | undefined
  readonly page: number
}

/** Where a walk through a list is. @internal */
export interface State extends Position {
  readonly seen: number
  readonly emptyPages: number
}

const defaultMaxEmptyPages = 100

/** Why the list cannot go on after this page, if it cannot. */
const breach = <A>(
  page: Page<A>,
  check: CheckedPage<A>["check"],
  state: State,
  asked: TextSet,
  { maxEmptyPages = defaultMaxEmptyPages, maxPages = Infinity }: Options<A>
): BrokenPagination["reason"] | undefined => {
  if (check !== undefined && check !== "passed") return check
  if (!page.hasMore) return undefined
  if (page.cursor === undefined || page.cursor === "") return "missingCursor"
  // A walk that stepped back comes to the same offsets again.
  if (check === undefined && asked.has(page.cursor)) return "repeatedCursor"
  if (state.page >= maxPages) return "pageLimit"
  return page.items.length === 0 && state.emptyPages >= maxEmptyPages ? "tooManyEmptyPages" : undefined
}

const broken = <A>(reason: BrokenPagination["reason"], page: Page<A>, state: State, { operation }: Options<A>) =>
  new BrokenPagination({
    operation,
    reason,
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    ...(state.cursor === undefined || reason === "shiftedList" ? {} : { resumeCursor: state.cursor }),
    page: state.page,
    seen: state.seen
  })

/** Statuses of a server that does not accept a cursor. A first page that is not found has a wrong base URL instead. */
const refusesCursor = (status: number, { page }: State): boolean =>
  status === 400 || status === 410 || status === 422 || (status === 404 && page > 1)

/** What a failure at the cursor of the page means to the list. */
const failureAt =
  (state: State) =>
  <E extends AvaraError>(error: E): E | BrokenPagination => {
    const { cursor, page, seen } = state
    const { attempts, operation, requestId }: AvaraError = error
    if (error._tag !== "Validation" && error._tag !== "UnexpectedStatus") return error
    const { status } = error
    if (cursor === undefined || status === undefined || !refusesCursor(status, state)) return error
    const detail = error._tag === "Validation" ? Issue.format(error.issues) : error.detail
    return new BrokenPagination({
      operation,
      attempts,
      ...(requestId === undefined ? {} : { requestId }),
      reason: "refusedCursor",
      cursor,
      status,
      page,
      seen,
      ...(detail === undefined ? {} : { detail })
    })
  }

/** The error was made for this page alone, so that it can be completed in place. */
const resumingAt =
  (cursor: string | undefined) =>
  <E extends AvaraError>(error: E): E =>
    cursor === undefined ? error : Object.assign(error, { resumeCursor: cursor })

const withoutRepeated = <A>(
  { check: _, items, ...page }: CheckedPage<A>,
  isNew: (item: A) => boolean
): StreamedPage<A> => {
  const fresh = items.filter(isNew)
  return { ...page, items: fresh, duplicates: items.length - fresh.length }
}

const next = (state: State, { cursor, hasMore, items }: Page<unknown>): Option.Option<State> =>
  hasMore
    ? Option.some({
        cursor,
        page: state.page + 1,
        seen: state.seen + items.length,
        emptyPages: items.length === 0 ? state.emptyPages + 1 : 0
      })
    : Option.none()

const isNewItem = <A>({ idOf, seen = [] }: Options<A>): ((item: A) => boolean) => {
  if (idOf === undefined) return constTrue
  const ids = makeIdSet()
  for (const id of seen) ids.add(id)
  return (item) => ids.add(idOf(item))
}

/** An `HttpClient` on Node writes a request two turns of the event loop after it was asked to. */
const turnsToTheWire = 3

/** Lets the request that was just forked reach the wire, before a consumer that never yields holds the event loop. */
const reachTheWire: Effect.Effect<void> = Effect.async((resume) => {
  const { setImmediate } = globalThis as { readonly setImmediate?: (callback: () => void) => unknown }
  const turn = (left: number): unknown =>
    setImmediate === undefined || left === 0 ? resume(Effect.void) : setImmediate(() => turn(left - 1))
  turn(turnsToTheWire)
})

/** Reads in a fiber of its own until the scope closes: who asks goes on, and takes the answer when it needs it. */
const makeReader = <A, E, R>(read: (state: Position) => Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const questions = makeHandoff<Position>()
    const answers = makeHandoff<{ readonly position: Position; readonly exit: Exit.Exit<A, E> }>()
    const serve: Effect.Effect<never, never, R> = Effect.flatMap(questions.take, (position) =>
      Effect.flatMap(Effect.exit(read(position)), (exit) => {
        answers.put({ position, exit })
        return serve
      })
    )
    yield* Effect.forkScoped(serve)
    // A page that was read again may go on at another cursor: what was asked before that is passed over.
    const answerTo = (cursor: string | undefined): Effect.Effect<A, E> =>
      Effect.flatMap(answers.take, ({ exit, position }) => (position.cursor === cursor ? exit : answerTo(cursor)))
    return { ask: questions.put, answerTo }
  })

/** A consumer that takes longer than this may be one that never yields. */
const briefMillis = 1

/** A walk through a list, to be read page by page from the first state on. @internal */
export interface Walk<A, E> {
  readonly first: State
  readonly read: (
    state: State
  ) => Effect.Effect<readonly [page: StreamedPage<A>, next: Option.Option<State>], E | BrokenPagination>
}

/** Tells the walk where a page goes on, before the page is there. @internal */
export type Announce = (cursor: string) => Effect.Effect<void>

/**
 * While a page is consumed, the next one is on its way, until the scope closes.
 *
 * It is on its way before its predecessor is decoded if the consumer waits for that and `fetch` announces where it goes on. There is never
 * more than one page ahead of the consumer.
 *
 * @internal
 */
export const makeWalk = <A, E extends AvaraError, R>(
  fetch: (cursor: string | undefined, announce: Announce) => Effect.Effect<CheckedPage<A>, E, R>,
  options: Options<A>
): Effect.Effect<Walk<A, E>, never, R | Scope.Scope> =>
  Effect.gen(function* () {
    const { maxEmptyPages = defaultMaxEmptyPages, maxPages = Number.POSITIVE_INFINITY } = options
    const asked = makeTextSet()
    if (options.cursor !== undefined) asked.add(options.cursor)
    const isNew = isNewItem(options)
    const first: State = { cursor: options.cursor, page: 1, seen: 0, emptyPages: 0 }
    let wanted: State | undefined
    let underWay: Position | undefined
    let handedOverAt = Number.NEGATIVE_INFINITY

    const isWanted = (cursor: string, page: number) =>
      wanted?.page === page &&
      cursor !== "" &&
      !asked.has(cursor) &&
      page < maxPages &&
      wanted.emptyPages < maxEmptyPages

    const announceFrom =
      (page: number): Announce =>
      (cursor) =>
        Effect.suspend(() => (isWanted(cursor, page) && send({ cursor, page: page + 1 }) ? reachTheWire : Effect.void))

    const fetchAt = ({ cursor, page }: Position) =>
      Effect.mapError(fetch(cursor, announceFrom(page)), resumingAt(cursor))

    // The next page may be on its way while this one is decoded.
    const [even, odd] = [yield* makeReader(fetchAt), yield* makeReader(fetchAt)]
    const readerOf = (page: number) => (page % 2 === 0 ? even : odd)

    /** Whether the page was not on its way yet. */
    const send = ({ cursor, page }: Position): boolean => {
      if (underWay?.page === page && underWay.cursor === cursor) return false
      underWay = { cursor, page }
      readerOf(page).ask(underWay)
      return true
    }

    const proceed = (state: State, received: CheckedPage<A>, isConsumerBrief: boolean) => {
      const page = withoutRepeated(received, isNew)
      const reason = breach(page, received.check, state, asked, options)
      if (reason !== undefined) return Effect.fail(broken(reason, page, state, options))
      if (page.cursor !== undefined) asked.add(page.cursor)
      const following = next(state, page)
      const handOver = () => {
        wanted = undefined
        handedOverAt = Date.now()
        return [page, following] as const
      }
      return Option.isSome(following) && send(following.value) && !isConsumerBrief
        ? Effect.map(reachTheWire, handOver)
        : Effect.sync(handOver)
    }

    send(first)
    return {
      first,
      read: (state) =>
        Effect.suspend(() => {
          wanted = state
          const isConsumerBrief = Date.now() - handedOverAt <= briefMillis
          return readerOf(state.page)
            .answerTo(state.cursor)
            .pipe(
              Effect.mapError(failureAt(state)),
              Effect.flatMap((page) => proceed(state, page, isConsumerBrief))
            )
        })
    }
  })
