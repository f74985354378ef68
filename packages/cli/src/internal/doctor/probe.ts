import * as http from "node:http"
import * as net from "node:net"
import * as tls from "node:tls"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { portOf } from "./proxy.js"

export class ProbeFailed extends Data.TaggedError("ProbeFailed")<{ readonly reason: string }> {}

const texts: Readonly<Record<string, string>> = {
  ENOTFOUND: "no address found",
  EAI_AGAIN: "the name server does not respond",
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was reset",
  ENETUNREACH: "the network is unreachable",
  EHOSTUNREACH: "the host is unreachable",
  ETIMEDOUT: "the connection timed out"
}

const failed = (error: NodeJS.ErrnoException): ProbeFailed => {
  const code = error.code ?? "unknown"
  return new ProbeFailed({ reason: texts[code] === undefined ? code : `${texts[code]} (${code})` })
}

const timeoutMillis = 10_000

const bounded = <A, R>(effect: Effect.Effect<A, ProbeFailed, R>) =>
  Effect.timeoutFail(effect, {
    duration: timeoutMillis,
    onTimeout: () => new ProbeFailed({ reason: `no response within ${timeoutMillis / 1000} s` })
  })

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "")

type Opened<S> = Effect.Effect<S, ProbeFailed, Scope.Scope>

const opened = <S extends net.Socket>(open: () => S, event: "connect" | "secureConnect"): Opened<S> =>
  Effect.acquireRelease(Effect.sync(open), (socket) => Effect.sync(() => socket.destroy())).pipe(
    Effect.flatMap((socket) =>
      Effect.async<S, ProbeFailed>((resume) => {
        socket.on("error", (error) => resume(Effect.fail(failed(error))))
        socket.once(event, () => resume(Effect.succeed(socket)))
      })
    ),
    bounded
  )

const direct = (url: URL): Opened<net.Socket> =>
  opened(() => net.connect({ host: hostOf(url), port: Number(portOf(url)) }), "connect")

const authorization = ({ password, username }: URL): Record<string, string> =>
  username === ""
    ? {}
    : {
        "proxy-authorization": `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64")}`
      }

const tunnel = (url: URL, proxy: URL): Opened<net.Socket> =>
  Effect.acquireRelease(
    Effect.async<net.Socket, ProbeFailed>((resume) => {
      const authority = `${url.hostname}:${portOf(url)}`
      const headers = { host: authority, ...authorization(proxy) }
      const options = { host: hostOf(proxy), port: Number(portOf(proxy)), method: "CONNECT", path: authority, headers }
      const request = http.request(options)
      request.on("error", (error) => resume(Effect.fail(failed(error))))
      request.on("connect", ({ statusCode }, socket) => {
        if (statusCode === 200) return resume(Effect.succeed(socket))
        socket.destroy()
        resume(Effect.fail(new ProbeFailed({ reason: `the proxy refuses the connection (${statusCode})` })))
      })
      request.end()
    }),
    (socket) => Effect.sync(() => socket.destroy())
  ).pipe(bounded)

/** Connects to the host, through the proxy if there is one. For an https proxy or an http URL, connects only to the proxy. */
export const connect = (url: URL, proxy: URL | undefined): Opened<net.Socket> => {
  if (proxy === undefined) return direct(url)
  return url.protocol === "https:" && proxy.protocol === "http:" ? tunnel(url, proxy) : direct(proxy)
}

export interface Certificate {
  /** Why the certificate is not trusted, if so. */
  readonly problem: string | undefined
  readonly validTo: Date
}

/** Returns the certificate that the host presents on a connection. */
export const certificateOf = (url: URL, socket: net.Socket): Effect.Effect<Certificate, ProbeFailed, Scope.Scope> => {
  const servername = net.isIP(hostOf(url)) === 0 ? hostOf(url) : ""
  const open = () => tls.connect({ socket, servername, host: hostOf(url), rejectUnauthorized: false })
  return Effect.map(opened(open, "secureConnect"), (secure) => ({
    problem: secure.authorized ? undefined : String(secure.authorizationError),
    validTo: new Date(secure.getPeerCertificate().valid_to)
  }))
}
