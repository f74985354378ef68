import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServer from "@effect/platform/HttpServer"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import type * as Scope from "effect/Scope"

/** Serves the app until the scope closes, and then closes connections: a browser that polls every second would keep the server open. @internal */
export const serve = <R>(
  app: HttpApp.Default<never, R>
): Effect.Effect<void, never, HttpServer.HttpServer | Scope.Scope | R> =>
  Effect.gen(function* () {
    const isClosing = yield* Ref.make(false)
    const closing = Effect.flatMap(app, (response) =>
      Effect.map(Ref.get(isClosing), (is) =>
        is ? HttpServerResponse.setHeader(response, "connection", "close") : response
      )
    )
    yield* HttpServer.serveEffect(closing)
    yield* Effect.addFinalizer(() => Ref.set(isClosing, true))
  })
