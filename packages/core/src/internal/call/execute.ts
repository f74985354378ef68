import * as Headers from "@effect/platform/Headers"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Tracer from "effect/Tracer"
import type { AvaraError } from "../../AvaraError.js"
import { RateLimiter, type RateLimiterService } from "../../RateLimiter.js"
import { makeCallLog } from "../observe/callLog.js"
import { makeDriftReport, type ReportDrift } from "../observe/driftReport.js"
import { observe } from "../observe/observation.js"
import { runtimeOf } from "../platform/fiber.js"
import { callIssues, notSent } from "../request/issues.js"
import type { Operation, OperationError, Refusal, Replay } from "../request/operation.js"
import { prepare } from "../request/request.js"
import { baseUrlOf, CurrentCallOptions, makeSettings } from "../settings/callOptions.js"
import type { ResolvedOptions } from "../settings/options.js"
import { makeHttpTransport } from "../transport/http.js"
import { Transport, type TransportService } from "../transport/transport.js"
import type { Success } from "./attempt.js"
import type { Call } from "./call.js"
import { type LastFailure, withRetries } from "./retry.js"

/** Runs an operation. It fails only with the errors that the operation's type names. @internal */
export type Execute = <A, R extends Refusal, P extends Replay>(
  operation: Operation<A, R, P>
) => Effect.Effect<A, OperationError<R, P>>

/** A user's loggers and spans print headers, and a custom header may be secret. */
const redactHeaders = ({ headers, idempotencyHeader }: ResolvedOptions) =>
  Effect.locallyScopedWith(Headers.currentRedactedNames, (names) => [
    ...names,
    ...Object.keys(headers),
    ...(idempotencyHeader === undefined ? [] : [idempotencyHeader])
  ])

const succeeded = <A>({ observation }: Call<A>, { response, value }: Success<A>): Effect.Effect<A> =>
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
  const facts = { attempts: error.attempts, status, errorType: error._tag }
  if (recover === undefined) return observation.end(Exit.fail(error), facts)
  // @effect-diagnostics-next-line unsafeEffectTypeAssertion:off
  const recovery = recover(error as OperationError<Refusal, Replay>, afterAmbiguous)
  return Effect.flatMap(Effect.exit(restore(Effect.withParentSpan(recovery, observation.span()))), (exit) =>
    observation.end(exit, facts)
  )
}

const settled = <A>(call: Call<A>): Effect.Effect<A, AvaraError> =>
  Effect.matchCauseEffect(withRetries(call), {
    onSuccess: (success) => succeeded(call, success),
    onFailure: (cause) =>
      Either.match(Cause.failureOrCause(cause), {
        onLeft: (failure) => failed(call, failure),
        onRight: (cause) => call.observation.end(Exit.failCause(cause))
      })
  })

/** The parts that all calls of a client share. */
interface Client {
  readonly options: ResolvedOptions
  readonly transport: TransportService
  readonly limiter: RateLimiterService | undefined
  readonly settingsOf: ReturnType<typeof makeSettings>
  readonly reportDrift: ReportDrift
}

const run = <A>(
  { limiter, options: client, reportDrift, settingsOf, transport }: Client,
  operation: Operation<A, Refusal, Replay>,
  context: Context.Context<never>,
  call: Pick<Call<A>, "observation" | "restore" | "runtime">
): Effect.Effect<A, AvaraError> => {
  const { observation } = call
  const options = Context.get(context, CurrentCallOptions)
  const issues = callIssues(client, operation, options)
  if (issues.length > 0) return observation.end(Exit.fail(notSent(operation.name, issues)))
  const settings = settingsOf(options)
  return Either.match(prepare(client, operation, settings, observation.span), {
    onLeft: (error) => observation.end(Exit.fail(error)),
    onRight: (prepared) =>
      settled({
        prepared,
        settings,
        transport,
        limiter: options.limiter ?? limiter,
        observation,
        runtime: call.runtime,
        restore: call.restore,
        reportDrift: settings.validation === "strict" ? undefined : reportDrift
      })
  })
}

/** Creates the executor of a client. @internal */
export const makeExecute = (options: ResolvedOptions) =>
  Effect.gen(function* () {
    yield* redactHeaders(options)
    const log = makeCallLog(options.logLevel)
    const client: Client = {
      options,
      transport: Option.getOrUndefined(yield* Effect.serviceOption(Transport)) ?? (yield* makeHttpTransport),
      limiter: Option.getOrUndefined(yield* Effect.serviceOption(RateLimiter)),
      settingsOf: makeSettings(options),
      reportDrift: makeDriftReport()
    }

    /** Only waits can be interrupted, so that the observation always ends properly. */
    const execute = <A>(operation: Operation<A, Refusal, Replay>) =>
      Effect.withFiberRuntime<A, AvaraError>((fiber) => {
        const context = fiber.currentContext
        const baseUrl = () => baseUrlOf(options, Context.get(context, CurrentCallOptions))
        const observation = observe(log, operation, fiber, baseUrl)
        const runtime = () => runtimeOf(fiber, Context.add(context, Tracer.ParentSpan, observation.span()))
        return Effect.uninterruptibleMask((restore) =>
          run(client, operation, context, { observation, runtime, restore })
        )
      })

    // The errors of an operation follow from its `refusals` and `replay`, which TypeScript cannot derive here.
    return execute as unknown as Execute
  })
