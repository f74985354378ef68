/** The modules of undici that reach a server through a proxy; they are loaded only where there is one. */
import type * as Undici from "undici"
// @ts-expect-error undici has types for its whole only
import apiConnect from "undici/lib/api/api-connect.js"
// @ts-expect-error
import envHttpProxyAgent from "undici/lib/dispatcher/env-http-proxy-agent.js"
// @ts-expect-error
import pool from "undici/lib/dispatcher/pool.js"

const EnvHttpProxyAgent: typeof Undici.EnvHttpProxyAgent = envHttpProxyAgent

const Pool: typeof Undici.Pool = pool

const connect: Undici.Dispatcher["connect"] = apiConnect

/** The client that opens tunnels: only the whole of undici gives `connect` to every dispatcher. */
const makeTunnelClient = (origin: URL, options: object): Undici.Dispatcher =>
  Object.assign(new Pool(origin, options), { connect })

/** A proxy does not reach this machine's own loopback addresses. */
const noProxy = () => {
  const value = process.env["no_proxy"] ?? process.env["NO_PROXY"] ?? ""
  return value.trim() === "*"
    ? "*"
    : [value, "localhost", "127.0.0.1", "[::1]"].filter((entry) => entry !== "").join(",")
}

/** What goes through the proxies that the environment names. @internal */
export const makeProxyDispatcher = (options: Undici.EnvHttpProxyAgent.Options): Undici.Dispatcher =>
  new EnvHttpProxyAgent({ ...options, noProxy: noProxy(), clientFactory: makeTunnelClient })
