/**
 * The page that shows jobs in a browser: the progress, the rate and the rejects of each job, with buttons to cancel and retry it.
 *
 * @since 0.1.0
 */
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServer from "@effect/platform/HttpServer"
import type * as ConfigError from "effect/ConfigError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Access from "./internal/page/access.js"
import * as Guard from "./internal/page/guard.js"
import * as Routes from "./internal/page/routes.js"
import * as Serve from "./internal/page/serve.js"
import type { Jobs } from "./Jobs.js"

/**
 * The options of the page.
 *
 * @since 0.1.0
 * @category options
 */
export interface Options {
  /** The token that a browser must present to see the jobs: at least 16 visible ASCII characters without spaces. */
  readonly token?: Redacted.Redacted | undefined
}

/**
 * A running page.
 *
 * @since 0.1.0
 * @category models
 */
export interface JobsPageService {
  /** The URL of the page, with a slash at the end. */
  readonly url: string
  /** The token that the page requires, if any. */
  readonly token: Option.Option<Redacted.Redacted>
  /**
   * The link that opens the page and signs in. It ends with `#token=` and the token. A browser does not send this part to a server, and the page
   * immediately removes it from the address. Without a token, it is the same as `url`.
   */
  readonly signInUrl: Redacted.Redacted
}

/**
 * A running page.
 *
 * @since 0.1.0
 * @category tags
 */
export class JobsPage extends Context.Tag("@effect-avara/jobs/JobsPage")<JobsPage, JobsPageService>() {}

/**
 * Returns the page as an app for your own server, which can mount it at any path that ends with a slash.
 *
 * Without a token, the app accepts only requests whose `Host` is a local name (`localhost`, `127.0.0.1`, `[::1]`), so that no other site reaches
 * it through DNS. With a token, it accepts any name, and only someone with the token can see the jobs.
 *
 * Fails with `ConfigError` if the token is too short.
 *
 * @since 0.1.0
 * @category constructors
 */
export const app = ({ token }: Options = {}): Effect.Effect<HttpApp.Default<never, Jobs>, ConfigError.ConfigError> =>
  token === undefined
    ? Effect.succeed(Routes.make(Access.open))
    : Effect.map(Access.checkToken(token), (checked) => Routes.make(Access.closed(checked)))

const urlOf = ({ address }: HttpServer.HttpServer): string => {
  if (address._tag === "UnixAddress") return HttpServer.formatAddress(address)
  const name = address.hostname === "0.0.0.0" ? "127.0.0.1" : address.hostname
  return `http://${name.includes(":") ? `[${name}]` : name}:${address.port}/`
}

const isOnlyLocal = ({ address }: HttpServer.HttpServer): boolean =>
  address._tag === "TcpAddress" && Guard.isLoopback(address.hostname)

/**
 * Serves the page on the given `HttpServer` until the layer closes.
 *
 * On a loopback address (`host: "127.0.0.1"`), the page needs no token. On any other address it needs one: your `token`, or a new one, which is
 * in the service `JobsPage`. The token and the jobs go over the network unencrypted: put a proxy with TLS in front of a page that others use, and
 * let it pass on the `Host` header.
 *
 * The page shows why a row was rejected, but never the row itself.
 *
 * Fails with `ConfigError` if the token is too short.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http"
 * import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
 * import { type Jobs, JobsPage } from "@effect-avara/jobs"
 * import * as Console from "effect/Console"
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import * as Redacted from "effect/Redacted"
 *
 * // Needs Jobs.layerClient and a SqlClient, or any other layer of the jobs.
 * export const program = Effect.flatMap(JobsPage.JobsPage, ({ signInUrl }) =>
 *   Effect.zipRight(Console.log(Redacted.value(signInUrl)), Effect.never)
 * ).pipe(
 *   Effect.provide(
 *     JobsPage.layer().pipe(
 *       Layer.provide(NodeHttpServer.layerServer(() => createServer(), { host: "127.0.0.1", port: 8788 }))
 *     )
 *   )
 * ) satisfies Effect.Effect<never, unknown, Jobs.Jobs>
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: Options = {}
): Layer.Layer<JobsPage, ConfigError.ConfigError, Jobs | HttpServer.HttpServer> =>
  Layer.scoped(
    JobsPage,
    Effect.gen(function* () {
      const server = yield* HttpServer.HttpServer
      const token = options.token ?? (isOnlyLocal(server) ? undefined : yield* Access.newToken)
      yield* Serve.serve(yield* app({ token }))
      const url = urlOf(server)
      return {
        url,
        token: Option.fromNullable(token),
        signInUrl: Redacted.make(
          token === undefined ? url : `${url}#token=${encodeURIComponent(Redacted.value(token))}`
        )
      }
    })
  )
