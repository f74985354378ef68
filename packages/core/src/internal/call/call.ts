import * as Duration from "effect/Duration"
import type { RateLimiterService } from "../../RateLimiter.js"
import type { ReportDrift } from "../observe/driftReport.js"
import type { Observation } from "../observe/observation.js"
import { monotonicMillis } from "../platform/clock.js"
import type { GetRuntime } from "../platform/fiber.js"
import type { Prepared } from "../request/request.js"
import type { CallSettings } from "../settings/callOptions.js"
import type { Restore } from "../transport/exchange.js"
import type { TransportService } from "../transport/transport.js"

/** A running call: everything that its attempts need. @internal */
export interface Call<A> {
  readonly prepared: Prepared<A>
  readonly settings: CallSettings
  readonly transport: TransportService
  readonly limiter: RateLimiterService | undefined
  readonly observation: Observation
  readonly runtime: GetRuntime
  readonly restore: Restore
  /** Reports the fields that were read as absent; only lenient calls have it. */
  readonly reportDrift: ReportDrift | undefined
}

/** Returns the time until the call's deadline. @internal */
export const remainingMillis = ({ observation, settings }: Call<unknown>): number =>
  Duration.toMillis(settings.deadline) - (monotonicMillis(observation.clock) - observation.startMillis)
