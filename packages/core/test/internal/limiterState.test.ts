import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { initialState, type State, slowDown, speedUp, takeTurn } from "../../src/internal/limiter/state.js"

const start: State = initialState(10)

const later = (change: Partial<State>): State => ({ ...start, ...change })

const wait = (millis: number) => Option.some(Duration.millis(millis))

describe("a turn", () => {
  for (const [what, state, now, expected] of [
    ["is available immediately at the start", start, 5000, [0, later({ nextMillis: 5100 })]],
    ["is available when it is due", later({ nextMillis: 5000 }), 5000, [0, later({ nextMillis: 5100 })]],
    ["has a wait before it is due", later({ nextMillis: 5000 }), 4900, [100, later({ nextMillis: 5000 })]],
    ["has a wait of whole milliseconds", later({ nextMillis: 5000 }), 4999.2, [1, later({ nextMillis: 5000 })]],
    [
      "loses nothing if it was late by less than a millisecond",
      later({ nextMillis: 5000 }),
      5000.9,
      [0, later({ nextMillis: 5100 })]
    ],
    ["is not saved up if it was late by more", later({ nextMillis: 5000 }), 5001, [0, later({ nextMillis: 5101 })]],
    [
      "is available immediately without a rate",
      initialState(Infinity),
      7,
      [0, { ...initialState(Infinity), nextMillis: 7 }]
    ]
  ] as const) {
    it(what, () => expect(takeTurn(now)(state)).toEqual(expected))
  }
})

describe("a refusal", () => {
  for (const [what, state, retryAfter, expected] of [
    ["halves the rate", start, Option.none(), { rate: 5, slowedMillis: 5000, nextMillis: 5000 }],
    ["holds back requests for as long as it asks", start, wait(700), { rate: 5, slowedMillis: 5000, nextMillis: 5700 }],
    [
      "does not shorten a longer wait",
      later({ nextMillis: 9000 }),
      wait(700),
      { rate: 5, slowedMillis: 5000, nextMillis: 9000 }
    ],
    [
      "in the same second only holds back requests",
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
      "keeps at least a hundredth of the highest rate",
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
    ["adds a twentieth of it", later({ rate: 5 }), { rate: 5.5, raisedMillis: 5000 }],
    ["does not exceed the highest rate", later({ rate: 9.9 }), { rate: 10, raisedMillis: 5000 }],
    [
      "adds nothing in the second after a refusal",
      later({ rate: 5, slowedMillis: 4001 }),
      { rate: 5, slowedMillis: 4001 }
    ],
    ["does not add twice in a second", later({ rate: 5, raisedMillis: 4001 }), { rate: 5, raisedMillis: 4001 }],
    [
      "adds again after a second",
      later({ rate: 5, slowedMillis: 3000, raisedMillis: 4000 }),
      { rate: 5.5, slowedMillis: 3000, raisedMillis: 5000 }
    ]
  ] as const) {
    it(what, () => expect(speedUp(10, 5000)(state)).toEqual([undefined, later(expected)]))
  }
})

describe("at the very start of the clock", () => {
  it("a refusal halves the rate", () => expect(slowDown(10, 0, Option.none())(start)[1].rate).toBe(5))

  it("an accepted attempt raises the rate", () => expect(speedUp(10, 0)(later({ rate: 5 }))[1].rate).toBe(5.5))
})
