import * as Headers from "@effect/platform/Headers"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import type { AvaraError } from "../../AvaraError.js"
import { RateLimiter } from "../../RateLimiter.js"
import { makeCallLog } from "../observe/callLog.js"
import { makeDriftReport } from "../observe/driftReport.js"
import { type Observation, observe } from "../observe/observation.js"
import { type AnyFiber, runtimeOf } from "../platform/fiber.js"
import { callIssues, notSent } from "../request/issues.js"
import type { Operation, OperationError, Refusal, Replay } from "../request/operation.js"
import { prepare } from "../request/request.js"
import { baseUrlOf, CurrentCallOptions, makeSettings } from "../settings/callOptions.js"
import type { ResolvedOptions } from "../settings/options.js"
import type { Restore } from "../transport/exchange.js"
import { makeHttpTransport } from "../transport/http.js"
import { Transport } from "../transport/transport.js"
import type { Answer } from "./attempt.js"
import type { Call } from "./call.js"
import { type LastFailure, withRetries } from "./retry.js"

/** From an operation to its value, or to one of the errors that the operation's type names. @internal */
export type Execute = <A, R extends Refusal, P extends Replay>(
  operation: Operation<A, R, P>
) => Effect.Effect<A, OperationError<R, P>>

/** Loggers and spans of this library's users print headers too: a custom one may be a secret. */
const redactHeaders = ({ headers, idempotencyHeader }: ResolvedOptions) =>
  Effect.locallyScopedWith(Headers.currentRedactedNames, (names) => [
    ...names,
    ...Object.keys(headers),
    ...(idempotencyHeader === undefined ? [] : [idempotencyHeader])
  ])

const succeeded = <A>({ observation }: Call<A>, { response, value }: Answer<A>): Effect.Effect<A> =>
  observation.end(
    Exit.succeed(value),
    { attempts: response.attempts, status: Option.some(response.head.status) },
    response
  )

const failed = <A>(
  { observation, prepared, restore }: Call<A>,
  { afterAmbiguous, error, status }: LastFailure
): Effect.Effect<A, AvaraError> => {
  const { recover } = prepared.operation
  const outcome = { attempts: error.attempts, status, errorType: error._tag }
  if (recover === undefined) return observation.end(Exit.fail(error), outcome)
  // @effect-diagnostics-next-line unsafeEffectTypeAssertion:off
  const recovery = recover(error as OperationError<Refusal, Replay>, afterAmbiguous)
  return Effect.flatMap(Effect.exit(restore(Effect.withParentSpan(recovery, observation.span()))), (exit) =>
    observation.end(exit, outcome)
  )
}

const settled = <A>(call: Call<A>): Effect.Effect<A, AvaraError> =>
  Effect.matchCauseEffect(withRetries(call), {
    onSuccess: (answer) => succeeded(call, answer),
    onFailure: (cause) =>
      Either.match(Cause.failureOrCause(cause), {
        onLeft: (failure) => failed(call, failure),
        onRight: (cause) => call.observation.end(Exit.failCause(cause))
      })
  })

/** The executor of a client. @internal */
export const make = (client: ResolvedOptions) =>
  Effect.gen(function* () {
    const transport = Option.getOrUndefined(yield* Effect.serviceOption(Transport)) ?? (yield* makeHttpTransport)
    const limiter = Option.getOrUndefined(yield* Effect.serviceOption(RateLimiter))
    const log = makeCallLog(client.logLevel)
    const settingsOf = makeSettings(client)
    const reportDrift = makeDriftReport()
    yield* redactHeaders(client)

    const run = <A>(
      operation: Operation<A, Refusal, Replay>,
      fiber: AnyFiber,
      observation: Observation,
      restore: Restore
    ): Effect.Effect<A, AvaraError> => {
      const context = fiber.currentContext
      const options = Context.get(context, CurrentCallOptions)
      const issues = callIssues(client, operation, options)
      if (issues.length > 0) return observation.end(Exit.fail(notSent(operation.name, issues)))
      const settings = settingsOf(options)
      return Either.match(prepare(client, operation, settings, observation.span), {
        onLeft: (error) => observation.end(Exit.fail(error)),
        onRight: (prepared) =>
          settled<A>({
            prepared,
            settings,
            transport,
            limiter,
            observation,
            runtime: () => runtimeOf(fiber, Context.add(context, Tracer.ParentSpan, observation.span())),
            restore,
            reportDrift: settings.validation === "strict" ? undefined : reportDrift
          })
      })
    }

    /** Only its waits can be interrupted, so that it is observed to its end. */
    const execute = <A>(operation: Operation<A, Refusal, Replay>) =>
      Effect.withFiberRuntime<A, AvaraError>((fiber) => {
        const baseUrl = () => baseUrlOf(client, Context.get(fiber.currentContext, CurrentCallOptions))
        const observation = observe(log, operation, fiber, baseUrl)
        return Effect.uninterruptibleMask((restore) => run(operation, fiber, observation, restore))
      })

    // What an operation fails with follows from its `refusals` and `replay`, which no type of the executor can follow.
    return execute as unknown as Execute
  })
