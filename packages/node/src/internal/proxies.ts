import type * as Undici from "undici"
import { loadProxied } from "./undici.js"

const proxyVariables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"]

/** Checks whether the environment names a proxy. @internal */
export const hasProxy = (): boolean => proxyVariables.some((name) => (process.env[name] ?? "") !== "")

/** A proxy cannot reach this machine's loopback addresses. */
const noProxy = () => {
  const value = process.env["no_proxy"] ?? process.env["NO_PROXY"] ?? ""
  return value.trim() === "*"
    ? "*"
    : [value, "localhost", "127.0.0.1", "[::1]"].filter((entry) => entry !== "").join(",")
}

/** Loads a function that creates dispatchers for the proxies in the environment. @internal */
export const loadProxyDispatcher = async (): Promise<
  (options: Undici.EnvHttpProxyAgent.Options) => Undici.Dispatcher
> => {
  const { EnvHttpProxyAgent, Pool, connect } = await loadProxied()
  const clientFactory = (origin: URL, options: object) => Object.assign(new Pool(origin, options), { connect })
  return (options) => new EnvHttpProxyAgent({ ...options, noProxy: noProxy(), clientFactory })
}
