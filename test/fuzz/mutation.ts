import * as Zlib from "node:zlib"
import type { Chance } from "./random.js"

type Bytes = Uint8Array<ArrayBuffer>

export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

const rawMark = /"@raw(\d+)@"/g

/** JSON text that no JavaScript value serializes to. */
const rawTexts = (random: Chance): string => {
  const depth = random.pick([10, 100, 1_000, 20_000])
  return random.pick<() => string>([
    () => `${"[".repeat(depth)}${"]".repeat(depth)}`,
    () => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`,
    () => "[".repeat(depth),
    () => "1e400",
    () => "-0",
    () => "123456789012345678901234567890.5",
    () => "NaN",
    () => "01",
    () => "'x'",
    () => '"\\ud800"',
    () => '"\\u0000"',
    () => '"a\nb"',
    () => '{"__proto__":{"isActive":true}}',
    () => '{"__proto__":"x","constructor":"y","toString":"z"}',
    () => '{"a":1,"a":"2"}'
  ])()
}

const leaves = (random: Chance, secrets: readonly [string, ...ReadonlyArray<string>]): Json =>
  random.pick<() => Json>([
    () => null,
    () => random.chance(0.5),
    () => random.pick([0, -1, 0.5, 2 ** 53, Number.MAX_VALUE, 1e21]),
    () => "",
    () => "x".repeat(random.pick([1, 200, 5_000])),
    () => `@raw${random.int(1_000_000)}@`,
    () => random.pick(secrets),
    () => encodeURIComponent(random.pick(secrets)),
    () => `Bearer ${random.pick(secrets)}`,
    () =>
      random.pick(["cus_1", "usr_1", "cus_", "../x", "2024-02-30T00:00:00Z", "2024-01-15", "inactive", "\u2028\u0007"]),
    () => [],
    () => ({}),
    () => [[random.pick(secrets)], null],
    () => ({ message: random.pick(secrets), code: "customer_inactive", path: [random.pick(secrets), 0, null] })
  ])()

const keyNames = [
  "__proto__",
  "constructor",
  "message",
  "error",
  "errors",
  "issues",
  "details",
  "code",
  "success",
  "hasMore",
  "cursor",
  "metadata",
  "expressCustomers",
  "expressCustomerId",
  ""
] as const

/** The same value with one change. */
const mutateTree = (random: Chance, secrets: readonly [string, ...ReadonlyArray<string>], value: Json): Json => {
  const inner = (json: Json) => mutateTree(random, secrets, json)
  if (random.chance(0.2) || value === null || typeof value !== "object") return leaves(random, secrets)
  if (Array.isArray(value)) {
    if (value.length === 0 || random.chance(0.2)) return [...value, leaves(random, secrets)]
    const at = random.int(value.length)
    return random.chance(0.2) ? value.toSpliced(at, 1) : value.with(at, inner(value[at]))
  }
  const entries = Object.entries(value)
  const at = random.int(entries.length)
  const [name, old] = entries[at] ?? ["message", ""]
  const changed = random.pick<() => ReadonlyArray<readonly [string, Json]>>([
    () => entries.toSpliced(at, 1),
    () => entries.with(at, [name, inner(old)]),
    () => entries.with(at, [random.pick([...keyNames]), old]),
    () => [...entries, [random.pick([...keyNames, ...secrets]), leaves(random, secrets)]]
  ])
  // `fromEntries` defines keys as JSON.parse does, so that `__proto__` is a plain key.
  return entries.length === 0 ? { message: leaves(random, secrets) } : Object.fromEntries(changed())
}

const withDuplicateKey = (random: Chance, text: string): string => {
  const pairs = [...text.matchAll(/"[A-Za-z_]+":(?:"[^"]*"|true|false|null|\d+),/g)]
  const pair = pairs[random.int(pairs.length)]
  if (pair === undefined) return text
  const [found] = pair
  const changed = random.chance(0.5) ? found : found.replace(/:.*,/, ":1,")
  return `${text.slice(0, pair.index)}${changed}${text.slice(pair.index)}`
}

const mutateBytes = (random: Chance, bytes: Bytes): Bytes => {
  const at = random.int(bytes.length + 1)
  const length = random.int(random.pick([2, 16, 200]))
  const head = bytes.subarray(0, at)
  const tail = bytes.subarray(at)
  return random.pick<() => Bytes>([
    () => (at < bytes.length ? bytes.with(at, (bytes[at] ?? 0) ^ (1 << random.int(8))) : bytes),
    () => (at < bytes.length ? bytes.with(at, random.int(256)) : bytes),
    () => Buffer.concat([head, tail.subarray(length)]),
    () => Buffer.concat([head, Uint8Array.from({ length }, () => random.int(256)), tail]),
    () => Buffer.concat([head, tail.subarray(0, length), tail]),
    () => head,
    () => tail,
    () => Buffer.concat([Uint8Array.of(0xef, 0xbb, 0xbf), bytes]),
    () => Buffer.concat([bytes, Uint8Array.of(0xc3)]),
    () => Buffer.from(Buffer.from(bytes).toString("utf8"), "utf16le")
  ])()
}

const compressions = {
  gzip: Zlib.gzipSync,
  deflate: Zlib.deflateSync,
  br: (bytes: Bytes) => Zlib.brotliCompressSync(bytes, { params: { [Zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })
}

const encodings = ["gzip", "deflate", "br"] as const

const headerValues = (random: Chance, secrets: readonly [string, ...ReadonlyArray<string>]): string =>
  random.pick<() => string>([
    () =>
      random.pick([
        "0",
        "-1",
        "1.5",
        "5",
        "1e9",
        "0x10",
        "99999999999999999999",
        "Infinity",
        "5, 10",
        "",
        "true",
        "false"
      ]),
    () =>
      random.pick(["Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 99 Foo 2015 99:99:99 GMT"]),
    () => random.pick(["application/json", "text/html", "application/json; charset=utf-16", "image/png", ";;;"]),
    () => random.pick(["gzip", "br", "deflate", "identity", "zstd", "gzip, br"]),
    () => `id ${random.pick(secrets)}`,
    () => random.pick(secrets),
    () => "r".repeat(random.pick([1, 300, 8_000])),
    () =>
      String.fromCharCode(...Array.from({ length: 20 }, () => 0x20 + random.int(0xe0)).filter((code) => code !== 0x7f))
  ])()

const headerNames = [
  "retry-after",
  "retry-after-ms",
  "x-should-retry",
  "x-request-id",
  "request-id",
  "cf-ray",
  "content-type",
  "content-length",
  "location"
] as const

const statuses = [400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504] as const

const bodiless: ReadonlySet<number> = new Set([204, 205, 304])

/** A server's response, byte by byte. */
export interface Mutant {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Bytes | null
}

const statusOf = (random: Chance): number => {
  if (random.chance(0.5)) return 200
  return random.chance(0.6) ? random.pick([...statuses]) : 200 + random.int(400)
}

const repeatedly = <A>(random: Chance, most: number, value: A, change: (value: A) => A): A => {
  let result = value
  for (let times = random.int(most + 1); times > 0; times--) result = change(result)
  return result
}

/** A valid response with a few changes. */
export const mutant = (
  random: Chance,
  sound: Json | string,
  secrets: readonly [string, ...ReadonlyArray<string>]
): Mutant => {
  const status = statusOf(random)
  const tree = repeatedly(random, 3, sound, (json) => mutateTree(random, secrets, json))
  const written = typeof sound === "string" && typeof tree === "string" ? tree : JSON.stringify(tree)
  const text = random.chance(0.1) ? withDuplicateKey(random, written) : written
  const whole = new TextEncoder().encode(text.replace(rawMark, () => rawTexts(random)))
  const encoding = random.chance(0.05) ? random.pick(encodings) : undefined
  const packed = encoding === undefined ? whole : compressions[encoding](whole)
  const body = random.chance(0.5) ? repeatedly(random, 4, packed, (bytes) => mutateBytes(random, bytes)) : packed
  const names = headerNames.filter(() => random.chance(0.15))
  return {
    status,
    headers: {
      "content-type": "application/json",
      ...Object.fromEntries(names.map((name) => [name, headerValues(random, secrets)])),
      ...(encoding === undefined ? {} : { "content-encoding": encoding }),
      ...(random.chance(0.01) ? { "content-encoding": headerValues(random, secrets) } : {})
    },
    body: bodiless.has(status) ? null : body
  }
}
