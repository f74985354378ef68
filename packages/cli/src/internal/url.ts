/** The placeholder for hidden text. */
const hidden = "…"

const schemeOf = (text: string): string | undefined => /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]

const parse = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined)

const namesSecret = (text: string): boolean => /(?:pass|pwd|secret|token|key|credential)[^=:]*[=:]/i.test(text)

/** Checks whether text may contain a secret, including text that is not a URL, such as `user:password@host` or `host=db password=x`. */
const mayHoldSecret = (text: string): boolean => namesSecret(text) || /:.*@/s.test(text)

/**
 * Checks whether a part of a password could be in the host or the path of the URL: an `@` after the host means that a `/`, `?` or `#` in a
 * password was not encoded.
 */
export const isAmbiguous = (text: string): boolean => {
  const [, rest = ""] = /^[^:]*:(.*)$/s.exec(text) ?? []
  const [authority = ""] = /^[/\\]*[^/\\?#]*/.exec(rest) ?? []
  return (/^https?:/i.test(text) || rest.includes(":")) && rest.slice(authority.length).includes("@")
}

/** Parameters of PostgreSQL URLs that contain no secret. */
const plainParameters = new Set([
  "application_name",
  "channel_binding",
  "client_encoding",
  "connect_timeout",
  "dbname",
  "host",
  "hostaddr",
  "keepalives",
  "port",
  "search_path",
  "ssl",
  "sslcert",
  "sslmode",
  "sslnegotiation",
  "sslrootcert",
  "target_session_attrs",
  "user",
  "uselibpqcompat"
])

const isMode = (part: string): boolean =>
  /^sslmode=(?:disable|allow|prefer|require|verify-ca|verify-full|no-verify)$/.test(part)

const isPlainParameter = (part: string): boolean =>
  plainParameters.has(part.slice(0, Math.max(0, part.indexOf("=")))) &&
  !mayHoldSecret(part.slice(part.indexOf("=") + 1))

/** Leaves out the first secret parameter and everything after it, which may be the rest of a password that contains `&`. */
const shownQuery = ({ protocol, search }: URL): string => {
  if (!/^postgres(?:ql)?:$/.test(protocol)) return ""
  const parts = search.slice(1).split("&")
  const firstSecret = parts.findIndex((part) => !isPlainParameter(part))
  const shown = parts.filter((part, index) => isMode(part) || firstSecret === -1 || index < firstSecret)
  return shown.length === 0 ? "" : `?${shown.join("&")}`
}

const isWeb = ({ protocol }: URL): boolean => protocol === "http:" || protocol === "https:"

const shownUser = (url: URL): string => (isWeb(url) || url.username === "" ? "" : `${url.username}@`)

const shownParts = (url: URL): string =>
  `${url.protocol}//${shownUser(url)}${url.host}${url.pathname}${shownQuery(url)}`

const isReadable = (text: string, url: URL): boolean =>
  !isAmbiguous(text) && !/%3a/i.test(url.username) && !namesSecret(url.host + url.pathname)

/** Checks whether the complete text may be shown. */
const isPlain = (url: URL): boolean =>
  url.password === "" &&
  url.hash === "" &&
  (url.username === "" || !isWeb(url)) &&
  (url.search === "" || url.search === shownQuery(url))

/** Returns the URL without its password, or only its scheme if it is not clear which part is the password. */
const withoutPassword = (scheme: string, text: string): string => {
  const url = parse(text)
  if (url === undefined || !isReadable(text, url)) return `${scheme}://${hidden}`
  return isPlain(url) ? text : shownParts(url)
}

const isFile = (text: string): boolean => /^sqlite:/i.test(text) && !text.includes("@")

const hasAuthority = (text: string): boolean => {
  const url = parse(text)
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || (url !== undefined && (url.username !== "" || url.password !== ""))
}

const withShownUrl = (text: string): string => {
  const scheme = schemeOf(text)
  return scheme === undefined || !hasAuthority(text) || isFile(text) ? text : withoutPassword(scheme, text)
}

/** Returns a URL as it may be shown: without its password and other secrets. Every URL is shown this way. */
export const shownUrl = (text: string): string =>
  mayHoldSecret(text) && !hasAuthority(text) ? hidden : withShownUrl(text)

const inOption = (word: string, show: (value: string) => string): string => {
  const [, option = "", value = word] = /^(--?[A-Za-z][\w-]*=)(.*)$/s.exec(word) ?? []
  return option + show(value)
}

/** Shows a word of a valid command line. A word that is not a URL is a name or a file. */
export const shownWord = (word: string): string => inOption(word, withShownUrl)

/** Shows a word of an invalid command line, which may be a mistyped URL. */
export const shownWrongWord = (word: string): string => inOption(word, shownUrl)

const decodedRun = (run: string): string => {
  try {
    return decodeURIComponent(run)
  } catch {
    return run
  }
}

const decoded = (text: string): string => text.replaceAll(/(?:%[0-9a-f]{2})+/gi, decodedRun)

/** Shorter secrets are kept, because they occur in any text. */
const minLength = 4

const queryOf = (text: string): string => /\?([^#]*)/s.exec(text)?.[1] ?? ""

/** Returns the password and the other secrets of a URL, as typed and as parsed. */
const secretsOf = (text: string): ReadonlyArray<string> => {
  const url = parse(text)
  const [, typed = ""] = /^[^:]*:\/\/[^:]*:(.*)@/s.exec(text) ?? []
  const parameters = [text, url?.href ?? ""].flatMap((text) => queryOf(text).split("&"))
  const values = parameters.filter((part) => !isPlainParameter(part)).map((part) => part.slice(part.indexOf("=") + 1))
  return [text, url?.href ?? "", ...[typed, url?.password ?? "", ...values].flatMap((value) => [value, decoded(value)])]
    .filter((secret) => secret.length >= minLength)
    .sort((a, b) => b.length - a.length)
}

/** Removes this URL and its secrets from an external message. */
export const withoutUrl = (message: string, text: string): string =>
  secretsOf(text).reduce((rest, secret) => rest.replaceAll(secret, hidden), message)
