/** A server may repeat parts of a request in any form, and no error may contain them. */
import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { folded } from "../../src/internal/secrets/plainForm.js"
import { makeRedactor } from "../../src/internal/secrets/redaction.js"

const key = "sk_live_5f1d9c3ab7e24680dbca9e8f7a6b5c4d"

const redactorFor = (...sent: ReadonlyArray<string>) => makeRedactor(key, () => sent)()

type Escape = (text: string) => string

const units = (text: string, write: (code: number) => string) =>
  Array.from({ length: text.length }, (_, at) => write(text.charCodeAt(at))).join("")

const hex = (code: number, width: number) => code.toString(16).padStart(width, "0")

const beyondAscii = (text: string, write: Escape) => text.replace(/[^\x20-\x7e]/gu, write)

const bytes = (text: string) => Array.from(Buffer.from(text))

const named: Readonly<Record<string, string>> = {
  ü: "uuml",
  é: "eacute",
  ß: "szlig",
  ø: "oslash",
  "&": "amp",
  '"': "quot"
}

const escapes: Readonly<Record<string, Escape>> = {
  none: (text) => text,
  "JSON, beyond ASCII": (text) => beyondAscii(text, (part) => units(part, (code) => `\\u${hex(code, 4)}`)),
  "JSON, everything": (text) => units(text, (code) => `\\u${hex(code, 4)}`),
  "JSON in JSON": (text) => JSON.stringify(JSON.stringify(text)).slice(1, -1),
  "HTML names": (text) => text.replace(/[üéßø&"]/g, (letter) => `&${named[letter]};`),
  "HTML numbers": (text) => Array.from(text, (letter) => `&#${letter.codePointAt(0)};`).join(""),
  "HTML hex numbers": (text) =>
    Array.from(text, (letter) => `&#x${(letter.codePointAt(0) ?? 0).toString(16)};`).join(""),
  "HTML of HTML": (text) => text.replaceAll("ü", "&amp;uuml;").replaceAll("é", "&amp;#233;"),
  "a URL": (text) => encodeURIComponent(text),
  "a form": (text) => encodeURIComponent(text).replaceAll("%20", "+"),
  "a URL in a URL": (text) => encodeURIComponent(encodeURIComponent(text)),
  "every byte of a URL": (text) =>
    bytes(text)
      .map((byte) => `%${hex(byte, 2)}`)
      .join(""),
  "a URL in JSON in HTML": (text) => units(encodeURIComponent(text), (code) => `&#92;u${hex(code, 4)}`),
  "bytes in octal": (text) =>
    bytes(text)
      .map((byte) => `\\${byte.toString(8).padStart(3, "0")}`)
      .join(""),
  "bytes in hex": (text) =>
    bytes(text)
      .map((byte) => `\\x${hex(byte, 2)}`)
      .join(""),
  "upper case": (text) => text.toUpperCase(),
  "upper case HTML": (text) => text.replaceAll("ü", "&uuml;").toUpperCase(),
  composed: (text) => text.normalize("NFC"),
  decomposed: (text) => text.normalize("NFD"),
  "no spaces": (text) => text.replaceAll(" ", "_"),
  dashes: (text) => Array.from(text).join("-"),
  base64: (text) => Buffer.from(text).toString("base64"),
  "base64 of more": (text) => Buffer.from(`{"name":"${text}"}`).toString("base64"),
  "base64 of one byte more": (text) => Buffer.from(`x${text}`).toString("base64"),
  "base64 for URLs": (text) => Buffer.from(`xx${text}`).toString("base64url"),
  hex: (text) => Buffer.from(text).toString("hex")
}

const letter = FastCheck.constantFrom(
  ..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZüéßøąñłœИванΣοφία山田0123456789"
)

const word = FastCheck.array(letter, { minLength: 1, maxLength: 12 }).map((letters) => letters.join(""))

const value = FastCheck.array(word, { minLength: 1, maxLength: 4 })
  .chain((words) => FastCheck.constantFrom(" ", "-", " & ", '"', ", ").map((gap) => words.join(gap)))
  .filter((text) => folded(text).length >= 4)

const around: ReadonlyArray<Escape> = [
  (echo) => `the field holds ${echo}, no`,
  (echo) => `no [${echo}]`,
  (echo) => `"${echo}" no`,
  (echo) => `no '${echo}`,
  (echo) => `no:${echo}`
]

/** Returns every run of four characters of the sent text that the result contains. */
const left = (rendered: string, sent: string, ownWords: string): ReadonlyArray<string> => {
  const said = Array.from(rendered.matchAll(/[\p{L}\p{N}\p{M}]+/gu), ([word]) => folded(word))
  const text = folded(sent)
  return Array.from({ length: Math.max(0, text.length - 3) }, (_, at) => text.slice(at, at + 4)).filter(
    (run) => said.some((word) => word.includes(run)) && !`${ownWords} redacted`.includes(run)
  )
}

describe("an echo of what was sent", () => {
  for (const [name, escape] of Object.entries(escapes)) {
    it.prop(
      `leaves no run of four characters: ${name}`,
      [value, FastCheck.constantFrom(...around), FastCheck.nat(40), FastCheck.nat(40), FastCheck.boolean()],
      ([sent, within, from, drop, isCutBefore]) => {
        const cut = (text: string) =>
          Array.from(text)
            .slice(from % 8, Math.max(0, text.length - (drop % 8)))
            .join("")
        const isWhole = from % 2 === 0
        const echo = isWhole ? escape(sent) : isCutBefore ? escape(cut(sent)) : cut(escape(sent))
        const rendered = redactorFor(sent).words(within(echo))
        expect(left(rendered, sent, "thefieldholdsno")).toEqual([])
        if (isWhole) expect(rendered).toContain("<redacted>")
      },
      { fastCheck: { numRuns: 300 } }
    )
  }

  it("keeps a useful message readable", () => {
    const { words } = redactorFor("Jane Roe Clinic", "region", "west")
    for (const [said, expected] of [
      ["The name is taken", "The name is taken"],
      ["expressCustomerName must be at least 1 character", "expressCustomerName must be at least 1 character"],
      ['"expressCustomerName" is required', '"expressCustomerName" is required'],
      ["Customer cus_00112233 is inactive", "Customer cus_00112233 is inactive"],
      ["The customer's name can't be changed", "The customer's name can't be changed"],
      ["conflicts with 'St. Mary' of another customer", "conflicts with '<redacted>' of another customer"],
      ["The name Jane Roe Clinic is taken", "The name <redacted> is taken"],
      ["no roe here, and no jan&eacute;", "no <redacted> here, and no <redacted>"]
    ] as const) {
      expect(words(said)).toBe(expected)
    }
  })

  it("keeps words about a user whose id was sent", () => {
    const id = "usr_added0eeeeadde0000beefaddedcafe0a1b2"
    const { words } = redactorFor(id)
    expect(words("The user is already added")).toBe("The user is already added")
    expect(words(`There is no ${id.toUpperCase()} here`)).toBe("There is no <redacted> here")
    expect(words(`There is no ${id.slice(5, 20)} here`)).toBe("There is no <redacted> here")
  })

  it("of a request with a very long text is masked completely", () => {
    expect(redactorFor("x".repeat(600_000)).words("no")).toBe("<redacted>")
  })

  it("takes little time, however long the request and the message are", () => {
    const sent = Array.from({ length: 50 }, (_, at) => [`key ${at}`, `${at} lorem ipsum `.repeat(80)]).flat()
    const redactor = makeRedactor(key, () => sent)()
    const start = performance.now()
    for (const said of ["%25".repeat(350_000), "&".repeat(1_000_000), "a ".repeat(500_000), "'\"".repeat(500_000)]) {
      expect(redactor.words(said).length).toBeLessThanOrEqual(211)
    }
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

const keyEchoes: Readonly<Record<string, Escape>> = {
  ...escapes,
  "without its prefix": (key) => key.slice("sk_live_".length),
  "its first half": (key) => key.slice(8, 24),
  "its last eight": (key) => key.slice(-8),
  "upper case without its prefix": (key) => key.slice(8).toUpperCase(),
  backwards: (key) => Array.from(key).reverse().join(""),
  "in groups": (key) => (key.slice(8).match(/.{4}/g) ?? []).join(" "),
  "base64 of the header": (key) => Buffer.from(`Bearer ${key}`).toString("base64"),
  "base64 of the header, cut": (key) => Buffer.from(`Bearer ${key}`).toString("base64").slice(17, 40),
  "hex in upper case": (key) => Buffer.from(key).toString("hex").toUpperCase()
}

const hasKey = (text: string): boolean => {
  const said = folded(text)
  const known = [folded(key), Array.from(folded(key)).reverse().join("")]
  return known.some((form) =>
    Array.from({ length: form.length - 7 }, (_, at) => form.slice(at, at + 8)).some((run) => said.includes(run))
  )
}

describe("an echo of the API key", () => {
  for (const [name, escape] of Object.entries(keyEchoes)) {
    it(`is removed from words and from an id: ${name}`, () => {
      for (const text of [`no such key: ${escape(key)}.`, `req-${escape(key)}`, escape(key)]) {
        const redactor = redactorFor("Jane Roe")
        for (const rendered of [redactor.words(text), redactor.id(text)]) {
          expect(rendered).toContain("<redacted>")
          expect(hasKey(rendered)).toBe(false)
        }
      }
    })
  }

  it.prop("does not occur in another id", [FastCheck.uuid()], ([id]) => {
    expect(redactorFor("a1b2", "5f1d9c3", "Jane Roe").id(`req_${id}`)).toBe(`req_${id}`)
  })
})
