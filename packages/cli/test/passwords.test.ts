/** No password of a URL is shown, wherever it is and whatever characters it has. */
import { describe, expect, it } from "@effect/vitest"
import { DatabaseFailed } from "@effect-avara/export/ExportError"
import * as FastCheck from "effect/FastCheck"
import { database } from "../src/internal/commands/export.target.js"
import { makeProgram } from "../src/internal/commands/root.js"
import { nameOf, withoutPassword } from "../src/internal/database.js"
import { resumeCommand } from "../src/internal/resume.js"
import { usageError } from "../src/internal/syntax/usage.js"
import { render } from "../src/internal/text.js"
import { shownUrl, withoutUrl } from "../src/internal/url.js"

const awkward = FastCheck.constantFrom(..."@:/?#%&=+;,.!$*'\"()[]{}<>\\|^`~ -_aB0é漢\u001b\n")

const password = FastCheck.oneof(
  FastCheck.array(awkward, { minLength: 4, maxLength: 12 }).map((letters) => letters.join("")),
  FastCheck.string({ unit: "grapheme", minLength: 4, maxLength: 20 }),
  FastCheck.constantFrom(
    "1234/ss@x",
    "12@34/x@y",
    "ab&sslmode=require",
    "pass?word=x",
    "5432",
    "x@h/y:z@w",
    "p%40ss%2Fword"
  )
)

const encodings = [
  (text: string) => text,
  (text: string) => encodeURIComponent(text),
  (text: string) => encodeURI(text),
  (text: string) => text.replaceAll("@", "%40")
]

const places: ReadonlyArray<(password: string) => string> = [
  (password) => `postgres://user:${password}@db.example/data`,
  (password) => `POSTGRESQL://user:${password}@db.example:5432/data?sslmode=require`,
  (password) => `postgres://:${password}@db.example/data`,
  (password) => `postgres://user@db.example/data?password=${password}`,
  (password) => `postgres://user@db.example/data?sslmode=require&sslpassword=${password}&application_name=app`,
  (password) => `postgres://db.example/data?PASSWORD=${password}&sslmode=require`,
  (password) => `postgres://db.example/data#${password}`,
  (password) => `postgres:/user:${password}@db.example/data`,
  (password) => `postgres:user:${password}@db.example/data`,
  (password) => `https://user:${password}@api.example/v1`,
  (password) => `https:user:${password}@api.example`,
  (password) => `http://${password}@api.example`,
  (password) => `https://api.example/v1?api_key=${password}`,
  (password) => `user:${password}@db.example/data`,
  (password) => `host=db.example user=user password=${password}`,
  (password) => `jdbc:postgresql://db.example/data?user=user&password=${password}`,
  (password) => `PGPASSWORD=${password}`
]

const commandLines: ReadonlyArray<(text: string) => ReadonlyArray<string>> = [
  (text) => ["export", "customers", "--to", text],
  (text) => ["export", "customers", `--to=${text}`],
  (text) => ["export", "customers", `--tp=${text}`],
  (text) => ["export", "customers", "--rate", text],
  (text) => ["export", text],
  (text) => ["customers", "list", "--base-url", text],
  (text) => ["customers", "list", `--base-url=${text}`],
  (text) => ["customers", "list", "--timeout", text],
  (text) => [text]
]

/** Returns what the user sees for a command line: the command that resumes it, or what is wrong with it. */
const shownFor = (argv: ReadonlyArray<string>): string => {
  let text = ""
  let ran = false
  const write = (part: string) => {
    text += part
  }
  const program = makeProgram(
    async () => {
      ran = true
    },
    { writeOut: write, writeErr: write, outputError: (error) => write(usageError(argv, error)) }
  )
  try {
    program.parse([...argv], { from: "user" })
  } catch {
    return text
  }
  expect(ran).toBe(true)
  return `${render(resumeCommand(argv))}\n${text}`
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const formsOf = (text: string) => [text, decoded(text), encodeURI(text), encodeURIComponent(text), text.toLowerCase()]

const holds = (text: string, password: string): boolean =>
  formsOf(text).some((shown) => formsOf(password).some((form) => form.length >= 4 && shown.includes(form)))

/** Checks whether the text contains the password only by accident: it is also shown for the same URL with another password. */
const expectHidden = (show: (password: string) => string, password: string): void => {
  if (["Zq9xQz7", "%20Zq9", "17"].some((other) => holds(show(other), password))) return
  const shown = show(password)
  expect(holds(shown, password), JSON.stringify({ password, shown })).toBe(false)
}

const wellFormed = password.filter((text) => !/\p{Surrogate}/u.test(text) && text.trim().length >= 4)

const namedDatabase = (to: string): string => {
  try {
    return nameOf(database(to))
  } catch {
    return ""
  }
}

describe("a password", () => {
  it.prop(
    "is never in a command that resumes or in a message about a command line",
    [wellFormed, FastCheck.constantFrom(...encodings), FastCheck.constantFrom(...places)],
    ([password, encode, place]) => {
      for (const argv of commandLines) expectHidden((text) => shownFor(argv(place(encode(text)))), password)
    },
    { fastCheck: { numRuns: 150 } }
  )

  it.prop(
    "is never in a URL that is shown or in a message of a database",
    [wellFormed, FastCheck.constantFrom(...encodings), FastCheck.constantFrom(...places.slice(0, 13))],
    ([password, encode, place]) => {
      const url = place(encode(password))
      expectHidden((text) => shownUrl(place(encode(text))), password)
      expectHidden((text) => namedDatabase(place(encode(text))), password)
      // A raw & or # ends the part that the database receives.
      if (namedDatabase(url) === "" || url.includes("#") || encode(password).includes("&")) return
      for (const said of [url, new URL(url).href, `no role for ${encode(password)}`, `bad password "${password}"`]) {
        const shown = withoutUrl(said, url)
        expect(holds(shown, password), JSON.stringify({ password, said, shown })).toBe(false)
      }
    },
    { fastCheck: { numRuns: 2000 } }
  )

  it.prop(
    "is the only part that the command leaves out",
    [wellFormed.filter((text) => encodeURIComponent(text) === text || /[@:/]/.test(text))],
    ([password]) => {
      const url = `postgres://user:${encodeURIComponent(password)}@db.example:5432/data?sslmode=require`
      expect(render(resumeCommand(["export", "customers", "--to", url])).split("\n")).toEqual([
        "avara export customers --to 'postgres://user@db.example:5432/data?sslmode=require' --resume",
        "  Set PGPASSWORD or PGPASSFILE first: the password is left out of the command."
      ])
    }
  )

  it("is removed from a failure of its database, whose other text stays", () => {
    const failure = new DatabaseFailed({ table: "t", detail: "no p%40ss, no p@ss" })
    expect(withoutPassword("postgres://user:p%40ss@db.example/data")(failure)).toEqual(
      new DatabaseFailed({ table: "t", detail: "no …, no …" })
    )
  })

  for (const text of [
    "https://api.avarasoftware.com",
    "https://api.example/v1/",
    "postgres://user@db.example/data?sslmode=require&application_name=app",
    "sqlite:///var/lib/a.db",
    "./postgres.csv",
    "2026-01-31T08:00:00Z",
    "C:\\exports\\customers.csv"
  ]) {
    it(`is not in ${text}, which is shown unchanged`, () => expect(shownUrl(text)).toBe(text))
  }
})
