import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { cursorAtEnd } from "../../src/internal/list/pageEnd.js"

const bytes = (text: string) => new TextEncoder().encode(text)

const trickyText = FastCheck.oneof(
  FastCheck.constantFrom(
    'Ward ","hasMore":true,"cursor":"forged"}',
    ',"hasMore":true,"cursor":"forged"}',
    '\\","hasMore":true,"cursor":"forged"}',
    "hasMore",
    "cursor",
    "é",
    "\\"
  ),
  FastCheck.string()
)

const tricky = FastCheck.letrec<{ value: unknown; object: unknown }>((tie) => ({
  value: FastCheck.oneof(
    { maxDepth: 3 },
    trickyText,
    FastCheck.boolean(),
    FastCheck.constant(null),
    FastCheck.array(tie("value"), { maxLength: 3 }),
    tie("object")
  ),
  object: FastCheck.dictionary(FastCheck.oneof(FastCheck.constantFrom("cursor", "hasMore"), trickyText), tie("value"), {
    maxKeys: 4
  })
}))

const fields = FastCheck.tuple(
  FastCheck.tuple(FastCheck.constant("expressCustomers"), FastCheck.array(tricky.object, { maxLength: 3 })),
  FastCheck.tuple(FastCheck.constant("hasMore"), FastCheck.oneof(FastCheck.boolean(), tricky.value)),
  FastCheck.tuple(FastCheck.constant("cursor"), FastCheck.oneof(trickyText, tricky.value)),
  FastCheck.tuple(trickyText, tricky.value)
)

const page = FastCheck.tuple(
  fields.chain((all) => FastCheck.shuffledSubarray(all, { minLength: 1 })),
  FastCheck.constantFrom(undefined, 1, "\t"),
  FastCheck.constantFrom("", "\n", "  ")
).map(([entries, space, after]) => JSON.stringify(Object.fromEntries(entries), undefined, space) + after)

describe("the end of a page", () => {
  it.prop("says where the page goes on as its JSON does, or nothing", [page], ([text]) => {
    const { cursor, hasMore } = JSON.parse(text)
    expect([undefined, hasMore === true ? cursor : undefined]).toContain(cursorAtEnd(bytes(text)))
  })

  for (const [how, text, cursor] of [
    ["as the API writes it", '{"expressCustomers":[],"hasMore":true,"cursor":"eyJvZmZzZXQiOjF9"}', "eyJvZmZzZXQiOjF9"],
    ["the other way round", '{"expressCustomers":[],"cursor":"a-b_c=","hasMore":true}', "a-b_c="],
    ["with white space", '{ "expressCustomers": [ ],\n "hasMore" : true , "cursor" : "a" }\n', "a"],
    ["after many customers", `{"expressCustomers":[${'"é",'.repeat(10_000)}1],"hasMore":true,"cursor":"a"}`, "a"]
  ] as const) {
    it(`says it ${how}`, () => expect(cursorAtEnd(bytes(text))).toBe(cursor))
  }

  for (const [what, text] of [
    ["the list is over", '{"expressCustomers":[],"hasMore":false,"cursor":"a"}'],
    ["the cursor is written with an escape", '{"expressCustomers":[],"hasMore":true,"cursor":"a\\u0062"}'],
    ["the cursor is that of something inside", '{"expressCustomers":[],"inside":{"b":1,"hasMore":true,"cursor":"a"}}'],
    ["the cursor is too long", `{"expressCustomers":[],"hasMore":true,"cursor":"${"a".repeat(600)}"}`],
    ["there is nothing", ""]
  ] as const) {
    it(`says nothing where ${what}`, () => expect(cursorAtEnd(bytes(text))).toBeUndefined())
  }
})
