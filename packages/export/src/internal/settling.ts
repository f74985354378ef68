import type { OutcomeUnknown } from "@effect-avara/core/AvaraError"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Item, Outcome, Work } from "../Work.js"

/** What became of a row in the end. @internal */
export type Settled = Exclude<Outcome, { readonly _tag: "Unsure" }>

/** A row whose answer was lost. */
interface Lost {
  readonly line: number
  readonly key: string
  readonly error: OutcomeUnknown
  /** The id of what the row's request did after all, if it did. */
  readonly found: Deferred.Deferred<Option.Option<string>, OutcomeUnknown>
}

const maxSent = 3

/**
 * Sends rows. Once an answer is lost no further row is sent, those in flight end, and one look finds which of the lost ones are done; the
 * others are sent again. A look that fails leaves the outcome as unknown as it was.
 *
 * @internal
 */
export const make = <A, E>({ look, perform, settle }: Work<A, E, never>) =>
  Effect.gen(function* () {
    const open = yield* Effect.makeLatch(true)
    const idle = yield* Effect.makeLatch(true)
    let sending = 0
    let lost: ReadonlyArray<Lost> = []

    const enter: Effect.Effect<void> = Effect.suspend(() => {
      if (lost.length > 0) return Effect.zipRight(open.await, enter)
      sending += 1
      return idle.close
    })
    const leave = Effect.suspend(() => {
      sending -= 1
      return sending === 0 ? idle.open : Effect.void
    })

    const found = Effect.suspend(() => look(new Map(lost.map(({ key, line }) => [line, key])))).pipe(
      Effect.matchEffect({
        onFailure: () => Effect.forEach(lost, ({ error, found }) => Deferred.fail(found, error)),
        onSuccess: (ids) =>
          Effect.forEach(lost, ({ found, line }) => Deferred.succeed(found, Option.fromNullable(ids.get(line))))
      })
    )
    const goOn = Effect.suspend(() => {
      lost = []
      return open.open
    })
    const settleAll = Effect.all([idle.await, Effect.sleep(settle), found, goOn], { discard: true })

    /** The first of the lost rows looks for all. */
    const find = ({ key, line }: Item<A>, error: OutcomeUnknown) =>
      Effect.flatMap(Deferred.make<Option.Option<string>, OutcomeUnknown>(), (found) =>
        Effect.suspend(() => {
          const isFirst = lost.length === 0
          lost = [...lost, { line, key, error, found }]
          const gone = isFirst ? Effect.all([open.close, leave, settleAll], { discard: true }) : leave
          return Effect.zipRight(gone, Deferred.await(found))
        })
      )

    return <E2, E3>(
      item: Item<A>,
      start: Effect.Effect<void, E2>,
      record: (outcome: Settled) => Effect.Effect<void, E3>
    ) => {
      const send = (number: number): Effect.Effect<void, E | E2 | E3 | OutcomeUnknown> =>
        Effect.zipRight(enter, number === 1 ? start : Effect.void).pipe(
          Effect.zipRight(perform({ ...item, wasSent: item.wasSent || number > 1 })),
          Effect.flatMap((outcome) =>
            outcome._tag === "Unsure" ? again(number, outcome.error) : Effect.zipRight(record(outcome), leave)
          )
        )
      const again = (number: number, error: OutcomeUnknown) =>
        Effect.flatMap(find(item, error), (found) => {
          if (Option.isSome(found)) return record({ _tag: "Done", id: found.value })
          return number < maxSent ? send(number + 1) : Effect.fail(error)
        })
      return send(1)
    }
  })
