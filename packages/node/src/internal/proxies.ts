import type * as Undici from "undici"
import { loadProxied } from "./undici.js"

const proxyVariables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"]

/** Whether the environment names a proxy. @internal */
export const hasProxy = (): boolean => proxyVariables.some((name) => (process.env[name] ?? "") !== "")

/** A proxy does not reach this machine's own loopback addresses. */
const noProxy = () => {
  const value = process.env["no_proxy"] ?? process.env["NO_PROXY"] ?? ""
  return value.trim() === "*"
    ? "*"
    : [value, "localhost", "127.0.0.1", "[::1]"].filter((entry) => entry !== "").join(",")
}

/** Makes what goes through the proxies that the environment names. @internal */
export const loadProxyDispatcher = async (): Promise<
  (options: Undici.EnvHttpProxyAgent.Options) => Undici.Dispatcher
> => {
  const { EnvHttpProxyAgent, Pool, connect } = await loadProxied()
  const clientFactory = (origin: URL, options: object) => Object.assign(new Pool(origin, options), { connect })
  return (options) => new EnvHttpProxyAgent({ ...options, noProxy: noProxy(), clientFactory })
}
