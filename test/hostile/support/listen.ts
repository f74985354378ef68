import type * as http from "node:http"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { listening } from "../../support/recordingServer.js"

/** Starts the server on a free port of this machine until the scope closes; returns its URL. */
export const listen = (server: http.Server): Effect.Effect<string, never, Scope.Scope> =>
  Effect.map(listening(server), (port) => `http://127.0.0.1:${port}`)
