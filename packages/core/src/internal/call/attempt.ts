import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { constVoid } from "effect/Function"
import type { CallResponse } from "../observe/observation.js"
import { brokenFailure, type Failure, timedOut } from "../response/failure.js"
import { resultOf } from "../response/result.js"
import { exchange, type Lost, type Restore } from "../transport/exchange.js"
import type { Received } from "../transport/transport.js"
import type { Call } from "./call.js"

/** The value of a call, with the response that it was decoded from. @internal */
export interface Success<A> {
  readonly value: A
  readonly response: CallResponse
}

/** Interprets a response, and reports its drift. @internal */
export const meaningOf = <A>(
  { observation, prepared, reportDrift }: Call<A>,
  response: CallResponse
): Effect.Effect<Success<A>, Failure> => {
  const drifts: Array<string> = []
  const onDrift = reportDrift === undefined ? undefined : (path: string) => void drifts.push(path)
  const result = resultOf(
    prepared,
    response.attempts,
    response,
    observation.clock.unsafeCurrentTimeMillis(),
    onDrift
  ).pipe(Either.map((value) => ({ value, response })))
  return reportDrift === undefined || drifts.length === 0
    ? result
    : Effect.zipRight(reportDrift(prepared.operation.name, drifts), result)
}

/** Runs one attempt within its timeout and the call's deadline. `onResponse` receives what `observation` receives. @internal */
export const attempt = <A>(
  call: Call<A>,
  number: number,
  left: number,
  restore: Restore,
  onResponse: (response: CallResponse) => void = constVoid
): Effect.Effect<Success<A>, Failure> => {
  const { observation, prepared, runtime, settings, transport } = call
  const { clock } = observation
  const { deadline, timeout } = settings
  const most = Duration.toMillis(timeout)
  const lostFailure = (lost: Lost): Failure => {
    if (lost._tag === "Broken") return brokenFailure(prepared, number, lost, clock.unsafeCurrentTimeMillis())
    const [scope, limit] = left < most ? (["call", deadline] as const) : (["attempt", timeout] as const)
    return timedOut(prepared.operation.name, number, scope, limit)
  }
  const hear = ({ body, head }: Received): CallResponse => {
    const response = { prepared, attempts: number, head, body }
    observation.received(response)
    onResponse(response)
    return response
  }
  const limits = { millis: Math.min(left, most), clock, runtime, restore }
  return Effect.zipRight(
    observation.sending(number),
    Effect.matchEffect(exchange(transport, prepared.request, limits, hear), {
      onFailure: (lost) => Effect.fail(lostFailure(lost)),
      onSuccess: (received) => meaningOf(call, hear(received))
    })
  )
}
