import type { OutcomeUnknown } from "@effect-avara/core/AvaraError"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Item, Outcome, Work } from "../Work.js"

/** The final outcome of a row. @internal */
export type Settled = Exclude<Outcome, { readonly _tag: "Unsure" }>

/** The callbacks around the sending of a row. @internal */
export interface Around<E> {
  /** Runs each time right before the row is sent, and returns whether to send it. */
  readonly start: Effect.Effect<boolean, E>
  readonly record: (outcome: Settled) => Effect.Effect<void, E>
}

/** A row whose response was lost. */
interface Lost {
  readonly line: number
  readonly key: string
  readonly error: OutcomeUnknown
  /** The id that the search found for the row, if the request succeeded after all. */
  readonly found: Deferred.Deferred<Option.Option<string>, OutcomeUnknown>
}

const maxSent = 3

/** Admits rows to be sent. After a response is lost, it admits none until one search has found which of the lost rows are done. */
const makeGate = <A, E>({ look, settle }: Work<A, E, never>) =>
  Effect.gen(function* () {
    const open = yield* Effect.makeLatch(true)
    const idle = yield* Effect.makeLatch(true)
    let sending = 0
    let lost: ReadonlyArray<Lost> = []

    const enter: Effect.Effect<void> = Effect.suspend(() => {
      if (lost.length > 0) return Effect.zipRight(open.await, enter)
      sending += 1
      idle.unsafeClose()
      return Effect.void
    })

    const leave = Effect.sync(() => {
      sending -= 1
      if (sending === 0) idle.unsafeOpen()
    })

    // If the search fails, the outcomes stay unknown.
    const lookForAll = Effect.suspend(() => look(new Map(lost.map(({ key, line }) => [line, key])))).pipe(
      Effect.matchEffect({
        onFailure: () => Effect.forEach(lost, ({ error, found }) => Deferred.fail(found, error)),
        onSuccess: (ids) =>
          Effect.forEach(lost, ({ found, line }) => Deferred.succeed(found, Option.fromNullable(ids.get(line))))
      })
    )

    const reopen = Effect.sync(() => {
      lost = []
      open.unsafeOpen()
    })

    const settleAll = Effect.all([idle.await, Effect.sleep(settle), lookForAll, reopen], { discard: true })

    /** Leaves the gate and waits for the search, which the first lost row starts. */
    const find = ({ key, line }: Item<A>, error: OutcomeUnknown) =>
      Effect.flatMap(Deferred.make<Option.Option<string>, OutcomeUnknown>(), (found) =>
        Effect.suspend(() => {
          const isFirst = lost.length === 0
          lost = [...lost, { line, key, error, found }]
          open.unsafeClose()
          return Effect.zipRight(leave, isFirst ? settleAll : Effect.void)
        }).pipe(Effect.zipRight(Deferred.await(found)))
      )

    return { enter, leave, find }
  })

/** Sends each row at most 3 times: again only if its response was lost and the search does not find it. @internal */
export const make = <A, E>(work: Work<A, E, never>) =>
  Effect.map(makeGate(work), ({ enter, find, leave }) => <E2>(item: Item<A>, { record, start }: Around<E2>) => {
    type Sending = Effect.Effect<void, E | E2 | OutcomeUnknown>
    const send = (number: number): Sending =>
      Effect.flatMap(work.perform({ ...item, wasSent: item.wasSent || number > 1 }), (outcome) =>
        outcome._tag === "Unsure" ? settle(number, outcome.error) : Effect.zipRight(record(outcome), leave)
      )
    const attempt = (number: number): Sending =>
      Effect.zipRight(enter, Effect.if(start, { onTrue: () => send(number), onFalse: () => leave }))
    const settle = (number: number, error: OutcomeUnknown): Sending =>
      Effect.flatMap(find(item, error), (found) => {
        if (Option.isSome(found)) return record({ _tag: "Done", id: found.value })
        return number < maxSent ? attempt(number + 1) : Effect.fail(error)
      })
    return attempt(1)
  })
