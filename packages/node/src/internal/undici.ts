/**
 * The modules of undici that the transport needs. The whole takes several times as long to load, and makes itself the dispatcher of
 * Node's own `fetch`. They are no public part of undici, which is why its minor version is fixed.
 */
import type * as Undici from "undici"
// @ts-expect-error undici has types for its whole only
import apiConnect from "undici/lib/api/api-connect.js"
// @ts-expect-error
import connector from "undici/lib/core/connect.js"
// @ts-expect-error
import envHttpProxyAgent from "undici/lib/dispatcher/env-http-proxy-agent.js"
// @ts-expect-error
import pool from "undici/lib/dispatcher/pool.js"

/** @internal */
export const buildConnector: typeof Undici.buildConnector = connector

/** @internal */
export const EnvHttpProxyAgent: typeof Undici.EnvHttpProxyAgent = envHttpProxyAgent

const Pool: typeof Undici.Pool = pool

const connect: Undici.Dispatcher["connect"] = apiConnect

/** The client that opens tunnels: only the whole of undici gives `connect` to every dispatcher. @internal */
export const makeTunnelClient = (origin: URL, options: object): Undici.Dispatcher =>
  Object.assign(new Pool(origin, options), { connect })
