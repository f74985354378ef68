import { beforeAll, describe, expect, it } from "@effect/vitest"
import { brokenLinks, compile, examples, publicModules, undocumented } from "./support/documentation.js"

describe("examples in READMEs, pages and docstrings compile", () => {
  let messages: ReadonlyArray<ReadonlyArray<string>> = []
  beforeAll(() => {
    messages = compile(examples)
  }, 60_000)

  const cases = examples.map(({ file, line }, index): [string, number] => [`${file}:${line}`, index])
  it.each(cases)("%s", (_, index) => {
    expect(messages[index]?.join("\n")).toBe("")
  })
})

describe("every export has its docstring", () => {
  it.each(publicModules)("%s", (module) => {
    expect(undocumented(module).join("\n")).toBe("")
  })
})

it("links to files of the repository lead somewhere", () => {
  expect(brokenLinks).toEqual([])
})
