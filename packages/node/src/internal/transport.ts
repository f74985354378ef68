import { maxSizeOf, type TransportService } from "@effect-avara/core/internal/transport"
import * as Effect from "effect/Effect"
import type { Dispatch } from "./dispatch.js"

/** Creates the client's transport on Node, with an additional limit on the size of bodies. @internal */
export const makeTransport = (dispatch: Dispatch, maxBodySize = Number.POSITIVE_INFINITY): TransportService => ({
  send: (request, _, listener) => {
    const { body = null, headers, method, origin, path } = request
    return Effect.sync(
      dispatch(
        { method, origin, path, headers, body, maxSizeOf: (head) => Math.min(maxBodySize, maxSizeOf(request, head)) },
        listener
      )
    )
  }
})
