const variable = (...names: ReadonlyArray<string>): string | undefined =>
  names.map((name) => process.env[name]).find((value) => value !== undefined && value.trim() !== "")

const isLoopback = (host: string): boolean => host === "localhost" || host === "[::1]" || host.startsWith("127.")

/** Checks whether an entry of NO_PROXY covers the host: `example.com`, `.example.com` or `*.example.com`, with or without a port. */
const covers = (entry: string, host: string, port: string): boolean => {
  const [, name = "", only] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? []
  return entry === "*" || ((only === undefined || only === port) && (host === name || host.endsWith(`.${name}`)))
}

export const portOf = ({ port, protocol }: URL): string => (port === "" ? (protocol === "https:" ? "443" : "80") : port)

/** Returns the proxy that the client uses for a URL, if any. */
export const proxyFor = (url: URL): URL | undefined => {
  const excluded = (variable("no_proxy", "NO_PROXY") ?? "").split(/[\s,]+/).filter((entry) => entry !== "")
  if (isLoopback(url.hostname) || excluded.some((entry) => covers(entry, url.hostname, portOf(url)))) return undefined
  const http = variable("http_proxy", "HTTP_PROXY")
  const proxy = url.protocol === "https:" ? (variable("https_proxy", "HTTPS_PROXY") ?? http) : http
  return proxy !== undefined && isProxy(proxy) ? new URL(proxy) : undefined
}

const isProxy = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text)

/** Returns the proxy variables whose values are not usable. */
export const wrongProxies = (): ReadonlyArray<string> =>
  ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"].filter((name) => {
    const text = process.env[name] ?? ""
    return text !== "" && !isProxy(text)
  })
