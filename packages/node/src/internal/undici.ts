/**
 * Loads the modules of undici that a transport needs. Loading all of undici adds 11 % processor time to a cold start, replaces the dispatcher
 * of Node's own `fetch`, and loads a different module on Bun. undici does not publish these modules, so a version that has moved them is
 * loaded completely.
 */
import type * as Undici from "undici"

/** Not a literal: bundlers would add all of undici, which needs built-in modules that Node 20 does not have. */
const mainModule: string = "undici"

const loadMain = (): Promise<typeof Undici> => import(mainModule)

/** The parts that connect directly to a server. @internal */
export type Direct = Pick<typeof Undici, "Agent" | "buildConnector">

/** @internal */
export const loadDirect = async (): Promise<Direct> => {
  // Bundlers accept a missing module if it is imported inside `try`.
  try {
    // @ts-expect-error undici has no types for its modules
    const agent = await import("undici/lib/dispatcher/agent.js")
    // @ts-expect-error
    const connector = await import("undici/lib/core/connect.js")
    return { Agent: agent.default, buildConnector: connector.default }
  } catch {
    return loadMain()
  }
}

/** The parts that connect to a server through a proxy. @internal */
export interface Proxied extends Pick<typeof Undici, "EnvHttpProxyAgent" | "Pool"> {
  /** Opens tunnels. Only the main module of undici adds it to every dispatcher. */
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
    const { Dispatcher, EnvHttpProxyAgent, Pool } = await loadMain()
    return { EnvHttpProxyAgent, Pool, connect: Dispatcher.prototype.connect }
  }
}
