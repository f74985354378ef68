import * as assert from "node:assert/strict"
import * as Effect from "effect/Effect"

/** The resources that keep the process alive: sockets, servers, timers. */
const active = (): ReadonlyArray<string> => process.getActiveResourcesInfo()

const turn = Effect.async<void>((resume) => {
  setImmediate(() => resume(Effect.void))
})

/** Waits for a few turns of the event loop, in which the transport returns a connection to its pool. */
export const turns = Effect.repeatN(turn, 10)

const maxTurns = 500

const without = (all: ReadonlyArray<string>, some: ReadonlyArray<string>): ReadonlyArray<string> => {
  const rest = [...some]
  return all.filter((one) => {
    const index = rest.indexOf(one)
    if (index !== -1) rest.splice(index, 1)
    return index === -1
  })
}

const settled = (before: ReadonlyArray<string>, passed = 0): Effect.Effect<ReadonlyArray<string>> =>
  Effect.suspend(() => {
    const left = without(active(), before)
    return left.length === 0 || passed === maxTurns
      ? Effect.succeed(left)
      : Effect.zipRight(turn, settled(before, passed + 1))
  })

/** Fails the test if the Effect leaves a socket, a timer or anything else that keeps the process alive. */
export const expectNothingLeft = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const before = active()
    const value = yield* effect
    assert.deepEqual(yield* settled(before), [])
    return value
  })
