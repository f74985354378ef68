import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import { clockOf, runtimeOf } from "../../src/internal/platform/fiber.js"
import { exchange, type Lost } from "../../src/internal/transport/exchange.js"
import {
  type Head,
  type Listener,
  type Received,
  TransportError,
  type TransportRequest
} from "../../src/internal/transport/transport.js"
import { request } from "./transportRequest.js"

const bytes = (text: string) => new TextEncoder().encode(text)

const success: Head = { status: 200, headers: {} }

const refusal: Head = { status: 404, headers: {} }

const received = (head: Head, body = "") => Exit.succeed({ head, body: bytes(body) })

const broken = Exit.fail(new TransportError({ cause: "reset" }))

const expired = Exit.fail({ _tag: "Expired" })

/** An exchange over a transport with this behavior, and a log of the calls. */
const exchanged = (send: (listener: Listener) => void, seconds = 10) => {
  const log: Array<string> = []
  const transport = {
    send: (_: TransportRequest, _runtime: unknown, listener: Listener) => {
      log.push("send")
      send(listener)
      return Effect.sync(() => {
        log.push("abort")
        listener.onEnd(broken)
      })
    }
  }
  const run = Effect.withFiberRuntime<Received, Lost>((fiber) =>
    Effect.uninterruptibleMask((restore) =>
      exchange(
        transport,
        request,
        {
          millis: seconds * 1000,
          clock: clockOf(fiber),
          runtime: () => runtimeOf(fiber, Context.empty()),
          restore
        },
        ({ body, head }) => log.push(`${head.status}, ${body.length} bytes`)
      )
    )
  )
  return { log, run }
}

/** Returns the exit after this time, and checks that it does not end a millisecond earlier. */
const endsAfter = (millis: number, send: (listener: Listener) => void) =>
  Effect.gen(function* () {
    const { log, run } = exchanged(send)
    const fiber = yield* Effect.fork(Effect.exit(run))
    yield* TestClock.adjust(`${millis - 1} millis`)
    expect(log).not.toContain("abort")
    yield* TestClock.adjust("1 millis")
    return { exit: yield* Fiber.join(fiber), log }
  })

describe("an exchange", () => {
  for (const [whose, region] of [
    ["of an interruptible caller", Effect.interruptible],
    ["of an uninterruptible caller", Effect.uninterruptible]
  ] as const) {
    it.effect(`${whose} is aborted at its limit, and its later failure is ignored`, () =>
      region(
        Effect.map(
          endsAfter(10_000, () => undefined),
          (ended) => expect(ended).toEqual({ exit: expired, log: ["send", "abort"] })
        )
      )
    )
  }

  it.effect("is aborted once when it is interrupted", () =>
    Effect.gen(function* () {
      const { log, run } = exchanged(({ onHead }) => onHead(refusal))
      const fiber = yield* Effect.fork(run)
      yield* TestClock.adjust("1 second")
      expect(Exit.isInterrupted(yield* Fiber.interrupt(fiber))).toBe(true)
      yield* TestClock.adjust("1 minute")
      expect(log).toEqual(["send", "404, 0 bytes", "abort"])
    })
  )

  for (const [what, head] of [
    ["success", success],
    ["refusal", refusal]
  ] as const) {
    it.effect(`that ends immediately with a ${what} is not aborted`, () =>
      Effect.gen(function* () {
        const { log, run } = exchanged(({ onEnd, onHead }) => {
          onHead(head)
          onEnd(received(head, "{}"))
        })
        expect(yield* Effect.exit(run)).toEqual(received(head, "{}"))
        yield* TestClock.adjust("1 minute")
        expect(log).toEqual(["send", `${head.status}, 0 bytes`])
      })
    )
  }

  it.effect("whose success is late expires", () =>
    Effect.map(
      endsAfter(10_000, ({ onHead }) => onHead(success)),
      ({ exit }) => expect(exit).toEqual(expired)
    )
  )

  it.effect("whose refusal is late ends with its status after 5 seconds", () =>
    Effect.map(
      endsAfter(5000, ({ onHead }) => onHead(refusal)),
      ({ exit }) => expect(exit).toEqual(received(refusal))
    )
  )

  it.effect("whose refusal starts shortly before the limit ends with its status at the limit", () =>
    Effect.gen(function* () {
      let listener: Listener | undefined
      const { run } = exchanged((started) => {
        listener = started
      })
      const fiber = yield* Effect.fork(run)
      yield* TestClock.adjust("9 seconds")
      listener?.onHead(refusal)
      yield* TestClock.adjust("1 second")
      expect(yield* Effect.exit(Fiber.join(fiber))).toEqual(received(refusal))
    })
  )

  for (const [what, head, expected] of [
    ["has no response", undefined, Exit.fail({ _tag: "Broken", head: undefined, cause: "reset" })],
    [
      "during a success has a head, but no complete response",
      success,
      Exit.fail({ _tag: "Broken", head: success, cause: "reset" })
    ],
    ["during a refusal ends with its status", refusal, received(refusal)]
  ] as const) {
    it.effect(`whose connection breaks ${what}`, () =>
      Effect.gen(function* () {
        const { run } = exchanged(({ onEnd, onHead }) => {
          if (head !== undefined) onHead(head)
          onEnd(broken)
        })
        expect(yield* Effect.exit(run)).toEqual(expected)
      })
    )
  }

  it.effect("that was interrupted ignores a later response", () =>
    Effect.gen(function* () {
      let listener: Listener | undefined
      const { log, run } = exchanged((started) => {
        listener = started
      })
      const fiber = yield* Effect.fork(run)
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(fiber)
      listener?.onHead(refusal)
      yield* TestClock.adjust("1 minute")
      expect(log).toEqual(["send", "abort"])
    })
  )

  it.effect("is a defect if it cannot start", () =>
    Effect.gen(function* () {
      const { run } = exchanged(() => {
        throw new Error("no start")
      })
      expect(yield* Effect.exit(run)).toEqual(Exit.die(new Error("no start")))
    })
  )
})
