import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { outline } from "../../src/internal/secrets/outline.js"
import { makeRedactor, textsOf } from "../../src/internal/secrets/redaction.js"

const redact = (text: string, sent: ReadonlyArray<string>, key = "") => makeRedactor(key, () => sent)().words(text)

const wordsOf = (text: string): ReadonlyArray<string> => text.match(/[\p{L}\p{N}]+/gu) ?? []

const contractNames = [
  "true",
  "false",
  "null",
  "expressCustomers",
  "hasMore",
  "cursor",
  "createdAt",
  "expressCustomerId",
  "expressCustomerName",
  "isActive",
  "updatedAt",
  "userCount",
  "createdByApiKeyId",
  "createdByUserId",
  "metadata",
  "success",
  "message",
  "error",
  "errors",
  "issues",
  "details",
  "code",
  "userId",
  "createOnceKey"
]

/** Text that no outline should contain. */
const word = FastCheck.stringMatching(/^[A-Za-z0-9éß漢]{4,12}$/).map((text) => `x9${text}`)

const html = (text: string) => [
  `<html><body class="${text}"><h1>${text}</h1><p id='${text}'>${text}</p><!-- ${text} --></body></html>`,
  `<!DOCTYPE ${text}><${text}>`,
  `<a href="https://example.com/${text}">`,
  `<p>${text}`,
  `<${text} a="b">`,
  `< ${text}`
]

describe("an outline", () => {
  it.prop("of JSON contains only names of the contract", [FastCheck.jsonValue()], ([value]) => {
    const text = outline(JSON.stringify(value))
    const isAllowed = (found: string) =>
      contractNames.includes(found) || (text.length > 200 && contractNames.some((name) => name.startsWith(found)))
    expect(wordsOf(text).filter((found) => !isAllowed(found))).toEqual([])
  })

  it.prop(
    "of truncated, doubled or otherwise broken JSON contains no value",
    [word, FastCheck.nat(60)],
    ([text, cut]) => {
      const sound = JSON.stringify({ expressCustomerName: text, metadata: { [text]: text }, list: [text, 1] })
      for (const body of [
        sound.slice(0, cut),
        sound.slice(cut),
        sound + sound,
        sound.replaceAll('"', "'"),
        sound.replaceAll('"', '\\"'),
        `${text}: ${text}`
      ]) {
        expect(wordsOf(outline(body)).filter((found) => !contractNames.includes(found))).toEqual([])
      }
    }
  )

  it.prop("of markup contains no text, attribute, comment or unknown tag", [word], ([text]) => {
    for (const body of html(text)) {
      expect(
        wordsOf(outline(body)).filter((found) => !["html", "body", "h1", "p", "a", "DOCTYPE"].includes(found))
      ).toEqual([])
    }
  })

  it.prop("of any body is one short line", [FastCheck.string({ unit: "binary", maxLength: 2000 })], ([body]) => {
    expect(outline(body).length).toBeLessThanOrEqual(201)
  })

  for (const [body, expected] of [
    ["", ""],
    [
      '{"expressCustomerName":"Jane","isActive":true,"nickname":"J"}',
      '{"expressCustomerName":"…","isActive":true,"…":"…"}'
    ],
    ['[1, "two", null]', '[…, "…", null]'],
    ["Bad Gateway", "… …"],
    ["<html><body><h1>502 Bad Gateway</h1></body></html>", "<html><body><h1>…</h1></body></html>"]
  ] as const) {
    it(`of ${JSON.stringify(body)} is ${expected}`, () => expect(outline(body)).toBe(expected))
  }
})

const secretText = FastCheck.string({ unit: "grapheme", minLength: 3, maxLength: 40 }).filter(
  (text) => text.trim().length > 2 && !"<redacted>".includes(text)
)

describe("redacted text", () => {
  it.prop(
    "contains nothing that was sent: raw, escaped as JSON or as a URL",
    [FastCheck.array(secretText, { minLength: 1, maxLength: 4 })],
    ([secrets]) => {
      for (const secret of secrets) {
        const escaped = JSON.stringify(secret).slice(1, -1)
        for (const echo of [secret, escaped, encodeURIComponent(secret)]) {
          const text = redact(`[${echo}] is not [${echo}]`, secrets)
          for (const form of [secret, escaped, encodeURIComponent(secret)]) expect(text).not.toContain(form)
        }
      }
    }
  )

  it.prop(
    "is one line without control characters, of at most 200 characters and an ellipsis",
    [FastCheck.string({ unit: "binary", maxLength: 1000 })],
    ([text]) => {
      const short = redact(text, [])
      expect(short.length).toBeLessThanOrEqual(201)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters must not occur
      expect(short).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
    }
  )

  for (const [what, text, sent, expected] of [
    ["another key than the one sent", "no such key: sk_live_00112233.", [], "no such key: <redacted>."],
    ["a test key", "sk_test_abc-DEF_1 expired", [], "<redacted> expired"],
    ["a bearer token", "got authorization: bearer abc.def, sorry", [], "got authorization: <redacted>, sorry"],
    ["the longest of overlapping texts", "Jane Roe Clinic", ["Jane", "Jane Roe Clinic"], "<redacted>"],
    ["a name that was trimmed", 'the name "Jane Roe" is taken', ["  Jane Roe "], 'the name "<redacted>" is taken'],
    ["line breaks", "one\r\n\ttwo\u2028three", [], "one two three"],
    ["nothing that is too short to reveal anything", "a is not ab", ["a", "ab"], "a is not ab"],
    ["a text with a control character for a space", "no Jane\u001eRoe", ["Jane Roe"], "no <redacted>"],
    ["a text that was sent with a line break", 'no "Jane\nRoe"', ["Jane\nRoe"], 'no "<redacted>"'],
    ["a text that was trimmed and escaped", "no Jane\\nRoe", [" Jane\nRoe "], "no <redacted>"],
    ["a text that was trimmed and is in a URL", "no Jane%0ARoe", [" Jane\nRoe "], "no <redacted>"],
    ["a bearer token after a control character", "got Bearer\u0000abc.def", [], "got <redacted>"],
    ["a text with pattern characters, literally", "a.c is not abc", ["a.c"], "<redacted> is not abc"],
    ["a text that looks like a replacement pattern", "x $& y", ["$&z", "$& y"], "x <redacted>"]
  ] as const) {
    it(`removes ${what}`, () => expect(redact(text, sent)).toBe(expected))
  }
})

describe("the texts of a body", () => {
  it("are all values, including numbers, and all keys except those of the contract", () => {
    expect(
      textsOf({ expressCustomerName: "name", metadata: { region: "north", deep: { list: ["one", 2, null, true] } } })
    ).toEqual(["name", "region", "north", "deep", "list", "one", "2"])
  })

  it("keep the words with which a server says that a user is already a member", () => {
    const said = "The user is already assigned to this customer."
    expect(redact(said, textsOf({ userId: `usr_${"e".repeat(32)}` }))).toBe(said)
  })
})
