const named: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  gt: ">",
  lt: "<",
  nbsp: " ",
  quot: '"',
  aelig: "æ",
  dstrok: "đ",
  eth: "ð",
  lstrok: "ł",
  oelig: "œ",
  oslash: "ø",
  szlig: "ß",
  thorn: "þ"
}

/** Marks removed text; no other text contains it. @internal */
export const removed = "\uE000"

const accented = /^([a-z])(?:acute|breve|caron|cedil|circ|dblac|dot|grave|macr|ogon|ring|tilde|uml)$/

const entity = (_: string, name: string): string =>
  named[name.toLowerCase()] ?? accented.exec(name.toLowerCase())?.[1] ?? removed

const character = (code: number): string => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : " ")

const fromHex = (_: string, digits: string): string => character(Number.parseInt(digits, 16))

const escapedBytes = (text: string): string => {
  const bytes = Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (digits) => Number.parseInt(digits, 16))
  return new TextDecoder().decode(bytes)
}

const octalBytes = (text: string): string =>
  new TextDecoder().decode(Uint8Array.from(text.match(/[0-7]{3}/g) ?? [], (digits) => Number.parseInt(digits, 8)))

const controls: Readonly<Record<string, string>> = { b: " ", f: " ", n: " ", r: " ", t: " ", v: " " }

const unescapeOnce = (text: string): string =>
  text
    .replace(/%u([0-9a-f]{4})/gi, fromHex)
    .replace(/(?:%[0-9a-f]{2})+/gi, escapedBytes)
    .replace(/&#x([0-9a-f]{1,6});?/gi, fromHex)
    .replace(/&#(\d{1,7});?/g, (_, digits: string) => character(Number(digits)))
    .replace(/&([a-z][a-z0-9]{1,31});/gi, entity)
    .replace(/\\u\{([0-9a-f]{1,6})\}/gi, fromHex)
    .replace(/\\U000([0-9a-f]{5})/g, fromHex)
    .replace(/\\u([0-9a-f]{4})/gi, fromHex)
    .replace(/(?:\\x[0-9a-f]{2})+/gi, escapedBytes)
    .replace(/(?:\\[0-3][0-7]{2})+/g, octalBytes)
    .replace(/\\([bfnrtv"'`\\/])/g, (_, letter: string) => controls[letter] ?? letter)

const maxRounds = 5

/** Decodes several layers of JSON, HTML and URL escapes. Returns `undefined` if there are too many layers. @internal */
export const unescaped = (text: string): string | undefined => {
  let rest = text
  for (let round = 0; round < maxRounds; round++) {
    const next = unescapeOnce(rest)
    if (next === rest) return rest
    rest = next
  }
  return undefined
}

const letters: Readonly<Record<string, string>> = {
  æ: "ae",
  ð: "d",
  đ: "d",
  ı: "i",
  ł: "l",
  ø: "o",
  œ: "oe",
  þ: "th",
  ς: "σ"
}

/** Reduces text to letters and digits, in one case and without marks. @internal */
export const folded = (text: string): string =>
  text
    .normalize("NFKD")
    .toUpperCase()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .replace(/[æðđıłøœþς]/g, (letter) => letters[letter] ?? letter)

const sextets = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

const fromBase64 = (text: string): string => {
  const bytes: Array<number> = []
  let bits = 0
  let held = 0
  for (const letter of text.replaceAll("-", "+").replaceAll("_", "/")) {
    held = ((held << 6) | sextets.indexOf(letter)) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
  }
  return new TextDecoder().decode(Uint8Array.from(bytes))
}

/** Decodes a run of letters and digits as base64 and hex that may begin anywhere in it. @internal */
export const decodings = (run: string): ReadonlyArray<string> => {
  const base64 = [0, 1, 2, 3].map((offset) => fromBase64(run.slice(offset)))
  const hex = (run.match(/[0-9a-f]{8,}/gi) ?? []).flatMap((digits) => [digits, digits.slice(1)])
  return [...base64, ...hex.map(escapedBytes)]
}
