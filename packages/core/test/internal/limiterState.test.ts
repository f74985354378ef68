import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { initialState, type State, slowDown, speedUp, takeTurn } from "../../src/internal/limiter/state.js"

const start: State = initialState(10)

const later = (change: Partial<State>): State => ({ ...start, ...change })

const wait = (millis: number) => Option.some(Duration.millis(millis))

describe("a turn", () => {
  for (const [what, state, now, expected] of [
    ["has come at once at the start", start, 5000, [0, later({ nextMillis: 5100 })]],
    ["has come when it is due", later({ nextMillis: 5000 }), 5000, [0, later({ nextMillis: 5100 })]],
    ["is awaited before", later({ nextMillis: 5000 }), 4900, [100, later({ nextMillis: 5000 })]],
    ["is awaited for whole milliseconds", later({ nextMillis: 5000 }), 4999.2, [1, later({ nextMillis: 5000 })]],
    ["loses nothing where it was late by less", later({ nextMillis: 5000 }), 5000.9, [0, later({ nextMillis: 5100 })]],
    ["is not saved up where it was late by more", later({ nextMillis: 5000 }), 5001, [0, later({ nextMillis: 5101 })]],
    ["follows at once without a rate", initialState(Infinity), 7, [0, { ...initialState(Infinity), nextMillis: 7 }]]
  ] as const) {
    it(what, () => expect(takeTurn(now)(state)).toEqual(expected))
  }
})

describe("a refusal", () => {
  for (const [what, state, retryAfter, expected] of [
    ["halves the rate", start, Option.none(), { rate: 5, slowedMillis: 5000, nextMillis: 5000 }],
    ["holds back for as long as it asks", start, wait(700), { rate: 5, slowedMillis: 5000, nextMillis: 5700 }],
    [
      "cuts no longer wait short",
      later({ nextMillis: 9000 }),
      wait(700),
      { rate: 5, slowedMillis: 5000, nextMillis: 9000 }
    ],
    [
      "in the same second only holds back",
      later({ slowedMillis: 4001 }),
      wait(700),
      { slowedMillis: 4001, nextMillis: 5700 }
    ],
    [
      "a second later halves it again",
      later({ rate: 5, slowedMillis: 4000 }),
      Option.none(),
      { rate: 2.5, slowedMillis: 5000, nextMillis: 5000 }
    ],
    [
      "leaves a hundredth of the highest rate",
      later({ rate: 0.11 }),
      Option.none(),
      { rate: 0.1, slowedMillis: 5000, nextMillis: 5000 }
    ]
  ] as const) {
    it(what, () => expect(slowDown(10, 5000, retryAfter)(state)).toEqual([undefined, later(expected)]))
  }
})

describe("an accepted attempt", () => {
  for (const [what, state, expected] of [
    ["changes nothing at the highest rate", start, {}],
    ["gives back a twentieth of it", later({ rate: 5 }), { rate: 5.5, raisedMillis: 5000 }],
    ["gives no more than the highest rate", later({ rate: 9.9 }), { rate: 10, raisedMillis: 5000 }],
    [
      "gives nothing in the second after a refusal",
      later({ rate: 5, slowedMillis: 4001 }),
      { rate: 5, slowedMillis: 4001 }
    ],
    ["gives nothing twice in a second", later({ rate: 5, raisedMillis: 4001 }), { rate: 5, raisedMillis: 4001 }],
    [
      "gives again after a second",
      later({ rate: 5, slowedMillis: 3000, raisedMillis: 4000 }),
      { rate: 5.5, slowedMillis: 3000, raisedMillis: 5000 }
    ]
  ] as const) {
    it(what, () => expect(speedUp(10, 5000)(state)).toEqual([undefined, later(expected)]))
  }
})

describe("at the very start of the clock", () => {
  it("a refusal halves the rate", () => expect(slowDown(10, 0, Option.none())(start)[1].rate).toBe(5))

  it("an accepted attempt gives back", () => expect(speedUp(10, 0)(later({ rate: 5 }))[1].rate).toBe(5.5))
})
