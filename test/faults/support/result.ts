import * as assert from "node:assert/strict"
import { inspect } from "node:util"
import { type AvaraError, Issue } from "@effect-avara/core"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import { apiKey } from "./calls.js"

type Tag = AvaraError["_tag"]

type ErrorOf<T extends Tag> = Extract<AvaraError, { readonly _tag: T }>

type FieldOf<A, K> = K extends "issues" ? string : NonNullable<A> extends Duration.Duration ? string : A

/** The significant fields of an error, with issues as one line and durations as text. */
type Fields<T extends Tag> = {
  readonly [K in Exclude<keyof ErrorOf<T>, keyof Error | "_tag" | symbol>]?: FieldOf<ErrorOf<T>[K], K>
}

/** The result of a call. */
export type Result =
  | { readonly _tag: "Gives"; readonly value: unknown; readonly text: string }
  | { readonly _tag: "Fails"; readonly tag: Tag; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly _tag: "Interrupted" }

/** `text` describes the value. */
export const gives = (text: string, value: unknown): Result => ({ _tag: "Gives", value, text })

export const fails = <T extends Tag>(tag: T, fields: Fields<T> = {}): Result => ({ _tag: "Fails", tag, fields })

export const interrupted: Result = { _tag: "Interrupted" }

const plain = (name: string, value: unknown): unknown => {
  if (Duration.isDuration(value)) return Duration.format(value)
  return name === "issues" && Array.isArray(value) ? Issue.format(value) : value
}

/** The fields with these names, or the text of a failure that is not an error of the client. */
const pick = (error: unknown, names: ReadonlyArray<string>): unknown => {
  if (!Predicate.hasProperty(error, "_tag")) return String(error)
  const fields = new Map<string, unknown>(Object.entries(error))
  return Object.fromEntries(names.map((name) => [name, plain(name, fields.get(name))]))
}

const prints = (error: unknown): ReadonlyArray<string> => [
  String(error),
  JSON.stringify(error),
  inspect(error, { depth: Infinity, showHidden: true }),
  Cause.pretty(Cause.fail(error))
]

const keyParts = [apiKey, apiKey.slice("sk_live_".length)]

const expectNoKey = (error: unknown): void => {
  for (const text of prints(error)) {
    for (const part of keyParts) assert.ok(!text.includes(part), "the error shows the key")
  }
}

/** Fails the test unless the call had this result; `attempts` is the default for its error. */
export const expectResult = (exit: Exit.Exit<unknown, AvaraError>, result: Result, attempts: number): void => {
  const failure = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  if (Exit.isFailure(exit)) expectNoKey(failure)
  switch (result._tag) {
    case "Gives":
      assert.deepEqual(Exit.isSuccess(exit) ? exit.value : failure, result.value)
      return
    case "Fails": {
      const expected = { _tag: result.tag, attempts, ...result.fields }
      assert.deepEqual(pick(failure, Object.keys(expected)), expected)
      return
    }
    case "Interrupted":
      assert.ok(Exit.isInterrupted(exit), "the call was not interrupted")
  }
}

const code = (text: string) => `\`${text.replaceAll("`", "'")}\``

const fieldText = ([name, value]: readonly [string, unknown]) => code(`${name}: ${JSON.stringify(value)}`)

/** The result in Markdown. */
export const resultText = (result: Result): string => {
  switch (result._tag) {
    case "Gives":
      return result.text
    case "Fails": {
      const fields = Object.entries(result.fields).filter(([name]) => name !== "attempts")
      return [code(result.tag), fields.map(fieldText).join(", ")].filter((text) => text !== "").join(" with ")
    }
    case "Interrupted":
      return "interrupted at once"
  }
}
