import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import { constTrue } from "effect/Function"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { type AvaraError, BrokenPagination } from "../AvaraError.js"
import type { Options, Page, StreamedPage } from "../Pagination.js"
import { makeHandoff } from "./handoff.js"
import { makeIdSet } from "./idSet.js"

/** Where a walk through a list is. @internal */
export interface State {
  readonly cursor: string | undefined
  readonly page: number
  readonly seen: number
  readonly emptyPages: number
}

const defaultMaxEmptyPages = 100

/** Why the list cannot go on after this page, if it cannot. */
const breach = <A>(
  page: Page<A>,
  state: State,
  asked: ReadonlySet<string>,
  { maxEmptyPages = defaultMaxEmptyPages, maxPages = Infinity }: Options<A>
): BrokenPagination["reason"] | undefined => {
  if (!page.hasMore) return undefined
  if (page.cursor === undefined || page.cursor === "") return "missingCursor"
  if (asked.has(page.cursor)) return "repeatedCursor"
  if (state.page >= maxPages) return "pageLimit"
  return page.items.length === 0 && state.emptyPages >= maxEmptyPages ? "tooManyEmptyPages" : undefined
}

const broken = <A>(reason: BrokenPagination["reason"], page: Page<A>, state: State, { operation }: Options<A>) =>
  new BrokenPagination({
    operation,
    reason,
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    ...(state.cursor === undefined ? {} : { resumeCursor: state.cursor }),
    page: state.page,
    seen: state.seen
  })

/** The error was made for this page alone, so that it can be completed in place. */
const resumingAt =
  (cursor: string | undefined) =>
  <E extends AvaraError>(error: E): E =>
    cursor === undefined ? error : Object.assign(error, { resumeCursor: cursor })

const withoutRepeated = <A>({ items, ...page }: Page<A>, isNew: (item: A) => boolean): StreamedPage<A> => {
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
const makeReader = <A, E, R>(read: (cursor: string | undefined) => Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const questions = makeHandoff<Effect.Effect<A, E, R>>()
    const answers = makeHandoff<Exit.Exit<A, E>>()
    yield* Effect.flatMap(questions.take, Effect.exit).pipe(Effect.map(answers.put), Effect.forever, Effect.forkScoped)
    return {
      ask: (cursor: string | undefined): void => questions.put(read(cursor)),
      answer: Effect.flatten(answers.take)
    }
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

/** While a page is consumed, the next one is on its way, until the scope closes. @internal */
export const makeWalk = <A, E extends AvaraError, R>(
  fetch: (cursor: string | undefined) => Effect.Effect<Page<A>, E, R>,
  options: Options<A>
): Effect.Effect<Walk<A, E>, never, R | Scope.Scope> =>
  Effect.map(
    makeReader((cursor: string | undefined) => Effect.mapError(fetch(cursor), resumingAt(cursor))),
    (ahead) => {
      const asked = new Set(options.cursor === undefined ? [] : [options.cursor])
      const isNew = isNewItem(options)
      let handedOverAt = Number.NEGATIVE_INFINITY

      const proceed = (state: State, received: Page<A>, isConsumerBrief: boolean) => {
        const page = withoutRepeated(received, isNew)
        const reason = breach(page, state, asked, options)
        if (reason !== undefined) return Effect.fail(broken(reason, page, state, options))
        if (page.cursor !== undefined) asked.add(page.cursor)
        const following = next(state, page)
        const handOver = () => {
          handedOverAt = Date.now()
          return [page, following] as const
        }
        if (Option.isNone(following)) return Effect.sync(handOver)
        ahead.ask(following.value.cursor)
        return isConsumerBrief ? Effect.sync(handOver) : Effect.map(reachTheWire, handOver)
      }

      ahead.ask(options.cursor)
      return {
        first: { cursor: options.cursor, page: 1, seen: 0, emptyPages: 0 },
        read: (state) =>
          Effect.suspend(() => {
            const isConsumerBrief = Date.now() - handedOverAt <= briefMillis
            return Effect.flatMap(ahead.answer, (page) => proceed(state, page, isConsumerBrief))
          })
      }
    }
  )
