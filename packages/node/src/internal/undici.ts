/**
 * The modules of undici that a transport needs. The whole of undici takes 11 % more processor time of a cold start, makes itself the
 * dispatcher of Node's own `fetch`, and is another module on Bun. undici does not publish these modules: a version that has moved them
 * is loaded as a whole.
 */
import type * as Undici from "undici"

/** What connects to servers directly. @internal */
export type Direct = Pick<typeof Undici, "Agent" | "buildConnector">

/** @internal */
export const loadDirect = async (): Promise<Direct> => {
  // Bundlers let a module be missing where it is imported like this.
  try {
    // @ts-expect-error undici has types for its whole only
    const agent = await import("undici/lib/dispatcher/agent.js")
    // @ts-expect-error
    const connector = await import("undici/lib/core/connect.js")
    return { Agent: agent.default, buildConnector: connector.default }
  } catch {
    return import("undici")
  }
}

/** What reaches a server through a proxy. @internal */
export interface Proxied extends Pick<typeof Undici, "EnvHttpProxyAgent" | "Pool"> {
  /** Opens tunnels: only the whole of undici gives it to every dispatcher. */
  readonly connect: Undici.Dispatcher["connect"]
}

/** @internal */
export const loadProxied = async (): Promise<Proxied> => {
  try {
    // @ts-expect-error
    const proxyAgent = await import("undici/lib/dispatcher/env-http-proxy-agent.js")
    // @ts-expect-error
    const pool = await import("undici/lib/dispatcher/pool.js")
    // @ts-expect-error
    const connect = await import("undici/lib/api/api-connect.js")
    return { EnvHttpProxyAgent: proxyAgent.default, Pool: pool.default, connect: connect.default }
  } catch {
    const { Dispatcher, EnvHttpProxyAgent, Pool } = await import("undici")
    return { EnvHttpProxyAgent, Pool, connect: Dispatcher.prototype.connect }
  }
}
