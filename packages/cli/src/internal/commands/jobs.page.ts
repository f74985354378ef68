import { createServer } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import { JobsPage, layer as pageLayer } from "@effect-avara/jobs/JobsPage"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { ExitCode } from "../../ExitCode.js"
import { nameOf } from "../database.js"
import { CommandFailed } from "../failure.js"
import { Output, say } from "../output.js"
import { CurrentSettings, type Task } from "../services.js"
import { jsonLine, safe } from "../text.js"
import { type DatabaseOptions, withJobs } from "./jobs.database.js"

interface Options extends DatabaseOptions {
  readonly port: number
  readonly host: string
  readonly token?: string
}

const variable = "AVARA_JOBS_TOKEN"

const tokenOf = ({ token }: Options): Redacted.Redacted | undefined => {
  const given = token ?? process.env[variable] ?? ""
  return given === "" ? undefined : Redacted.make(given)
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use by another program",
  EACCES: "is not allowed for this user"
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : ""

const serverLayer = ({ host, port }: Options) =>
  Layer.catchAll(
    NodeHttpServer.layerServer(() => createServer(), { host, port }),
    ({ cause }) => {
      const reason = reasons[codeOf(cause)] ?? "cannot be used"
      return Layer.fail(new CommandFailed({ code: ExitCode.failure, message: `port ${port} of ${host} ${reason}` }))
    }
  )

const announce = (to: string) =>
  Effect.gen(function* () {
    const { signInUrl, token, url } = yield* JobsPage
    const { json } = yield* CurrentSettings
    const { out } = yield* Output
    // A script that opens the page needs the sign-in link.
    if (json || !out.isTerminal) yield* out.write(jsonLine({ url: Redacted.value(signInUrl) }))
    yield* say(safe`The jobs of ${nameOf(to)} are at ${url}`)
    if (Option.isSome(token)) {
      yield* say(safe`Everyone with this link can see, cancel and retry them:\n  ${Redacted.value(signInUrl)}`)
    }
    yield* say(safe`Press Ctrl-C to stop.`)
  })

/** Serves the page until a signal is received. */
export const page = (options: Options): Task =>
  withJobs(options, (to) =>
    Effect.provide(
      Effect.zipRight(announce(to), Effect.never),
      Layer.provide(pageLayer({ token: tokenOf(options) }), serverLayer(options))
    )
  )
