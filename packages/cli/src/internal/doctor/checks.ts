import { Avara, AvaraClient, Customers, type ListError } from "@effect-avara/core"
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { ExitCode } from "../../ExitCode.js"
import { defaultBaseUrl, layerFrom } from "../client.js"
import { type Failure, report } from "../failure.js"
import { render } from "../text.js"
import { shownUrl } from "../url.js"
import { certificateOf, connect } from "./probe.js"
import { portOf, proxyFor, wrongProxies } from "./proxy.js"

export interface Check {
  readonly name: string
  readonly status: "ok" | "failed" | "skipped"
  readonly detail: string
  /** How to fix a failure. */
  readonly advice?: string
}

const ok = (name: string, detail: string): Check => ({ name, status: "ok", detail })

const failed = (name: string, detail: string, advice: string): Check => ({ name, status: "failed", detail, advice })

const skipped = (name: string, detail: string): Check => ({ name, status: "skipped", detail })

const reasonOf = (error: Failure): string => report(error).lines.map(render).join(" ")

const documentedKey = /^sk_live_[0-9a-f]{32}$/

const placeholderKey = `sk_live_${"0".repeat(32)}`

/** Returns the settings without the key, which has its own check. */
const withoutKey = (provider: ConfigProvider.ConfigProvider) =>
  ConfigProvider.orElse(ConfigProvider.fromMap(new Map([["AVARA_API_KEY", placeholderKey]])), () => provider)

const onlyKey = (provider: ConfigProvider.ConfigProvider) =>
  Effect.map(Effect.either(provider.load(Config.string("AVARA_API_KEY"))), (key) =>
    ConfigProvider.fromMap(new Map(Either.isRight(key) ? [["AVARA_API_KEY", key.right]] : []))
  )

const load = (provider: ConfigProvider.ConfigProvider) => Effect.either(provider.load(Avara.config))

/** Checks that the key is set and has the documented form. Shows at most its last characters. */
export const checkKey = (provider: ConfigProvider.ConfigProvider): Effect.Effect<Check> =>
  Effect.gen(function* () {
    const options = yield* load(yield* onlyKey(provider))
    if (Either.isLeft(options)) {
      const detail = ConfigError.isMissingDataOnly(options.left) ? "not set" : reasonOf(options.left)
      return failed("API key", detail, "set AVARA_API_KEY to exactly the key that the dashboard shows")
    }
    const key = Redacted.value(options.right.apiKey)
    return documentedKey.test(key)
      ? ok("API key", `set, ends in ${key.slice(-4)}`)
      : failed(
          "API key",
          `set, ${key.length} characters, not in the documented form`,
          "check that AVARA_API_KEY is sk_live_ followed by 32 hex digits; a newer form of key can still be valid"
        )
  })

/** Checks the settings except the key, and returns the base URL. */
export const checkSettings = (provider: ConfigProvider.ConfigProvider) =>
  Effect.map(load(withoutKey(provider)), (options): readonly [Check, URL | undefined] => {
    if (Either.isLeft(options)) {
      return [failed("Settings", reasonOf(options.left), "correct this variable, or unset it"), undefined]
    }
    const url = new URL(options.right.baseUrl ?? defaultBaseUrl)
    return [ok("Base URL", shownUrl(url.href).replace(/\/$/, "")), url]
  })

export const checkProxy = (url: URL): Check => {
  const [wrong] = wrongProxies()
  if (wrong !== undefined) {
    return failed(
      "Proxy",
      `${wrong} is not the URL of a proxy`,
      "set it to a URL such as http://proxy.example:3128, or unset it"
    )
  }
  const proxy = proxyFor(url)
  return ok("Proxy", proxy === undefined ? "none, direct connection" : shownUrl(proxy.href).replace(/\/$/, ""))
}

const millisPerDay = 86_400_000

const soonDays = 14

const tlsCheck = (problem: string | undefined, validTo: Date, now: number): Check => {
  const days = Math.floor((validTo.getTime() - now) / millisPerDay)
  if (problem !== undefined) {
    return failed(
      "TLS",
      `the certificate is not trusted: ${problem}`,
      "if a proxy or a private authority issued it, set NODE_EXTRA_CA_CERTS to the authority's certificate; check this machine's clock too"
    )
  }
  return ok("TLS", `the certificate is valid, ${days} days left${days < soonDays ? "; renew it soon" : ""}`)
}

/** Checks the connection to the host and the host's certificate. */
export const checkHost = (url: URL): Effect.Effect<ReadonlyArray<Check>> => {
  const proxy = proxyFor(url)
  const place = `${url.hostname}:${portOf(url)}${proxy === undefined ? "" : ` through the proxy ${proxy.host}`}`
  const isPlain = url.protocol === "http:"
  return Effect.gen(function* () {
    const socket = yield* connect(url, proxy)
    const host = ok("Host", `connected to ${place}`)
    if (isPlain) return [host, skipped("TLS", "not used with http")]
    if (proxy !== undefined && proxy.protocol !== "http:")
      return [host, skipped("TLS", "cannot be checked through this proxy")]
    const tls = yield* Effect.match(certificateOf(url, socket), {
      onFailure: ({ reason }) => failed("TLS", `no TLS connection: ${reason}`, "check that the base URL serves https"),
      onSuccess: ({ problem, validTo }) => tlsCheck(problem, validTo, Date.now())
    })
    return [host, tls]
  }).pipe(
    Effect.scoped,
    Effect.catchAll(({ reason }) =>
      Effect.succeed([
        failed(
          "Host",
          `${place}: ${reason}`,
          "check the base URL and the network, and whether you must set HTTPS_PROXY"
        ),
        skipped("TLS", "no connection to the host")
      ])
    )
  )
}

const maxSkewSeconds = 30

const clockCheck = (response: Option.Option<AvaraClient.ResponseInfo>, now: number): Check => {
  const date = Option.match(response, {
    onNone: () => Number.NaN,
    onSome: ({ headers }) => Date.parse(headers["date"] ?? "")
  })
  if (Number.isNaN(date)) return skipped("Clock", "the server did not send its time")
  const seconds = Math.round((now - date) / 1000)
  const text =
    Math.abs(seconds) <= 1
      ? "matches the server's clock"
      : `${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} the server's clock`
  return Math.abs(seconds) <= maxSkewSeconds
    ? ok("Clock", text)
    : failed("Clock", text, "set this machine's clock, preferably by NTP: certificates and times depend on it")
}

const adviceFor = (error: ListError): string => {
  const { code } = report(error)
  if (code === ExitCode.notAllowed) {
    return "check that the key is valid for this base URL, or create a new one in the dashboard"
  }
  return code === ExitCode.brokenAnswer
    ? "check that the base URL leads to the Avara API, not to the page of a proxy"
    : "fix the failures above first; if there are none, try again later"
}

/** Reads the first page, and compares this machine's clock with the server's. */
export const checkFirstPage = (provider: ConfigProvider.ConfigProvider): Effect.Effect<ReadonlyArray<Check>> =>
  Effect.flatMap(Customers, (customers) => AvaraClient.withResponse(customers.list({ limit: 1 }))).pipe(
    Effect.provide(layerFrom(provider)),
    Effect.match({
      onFailure: (error) => [
        skipped("Clock", "no response to take the time from"),
        ConfigError.isConfigError(error)
          ? skipped("First page", "fix the settings first")
          : failed("First page", reasonOf(error), adviceFor(error))
      ],
      onSuccess: ({ response, value }) => [
        clockCheck(response, Date.now()),
        ok("First page", value.expressCustomers.length === 0 ? "read, there are no customers yet" : "read")
      ]
    })
  )
