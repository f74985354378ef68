import type * as Issue from "../Issue.js"

/** A path with places for parameters: text and the names of parameters, in turns. @internal */
export interface Template {
  readonly text: string
  readonly parts: ReadonlyArray<string>
}

/** Reads `{name}` as the place of a parameter. @internal */
export const makeTemplate = (text: string): Template => ({ text, parts: text.split(/\{([^{}]*)\}/) })

/** @internal */
export interface Path {
  readonly template: Template
  readonly params: Readonly<Record<string, string>>
}

/** Not what every object inherits. */
const valueOf = (params: Path["params"], name: string) => (Object.hasOwn(params, name) ? params[name] : undefined)

/** A URL resolves dot segments even when they are escaped, so that no encoding keeps them in their place. */
const isDotSegment = (text: string) => text === "." || text === ".."

/** Text as one segment of a path, with a replacement for halves of characters. @internal */
export const encodeSegment = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD"))

/** What keeps the parameters from being one path segment each. @internal */
export const pathIssues = ({ params, template }: Path): ReadonlyArray<Issue.Issue> => [
  ...(template.text.startsWith("/") ? [] : [{ path: ["path"], message: 'expected text that starts with "/"' }]),
  ...template.parts.flatMap((name, index) => {
    if (index % 2 === 0) return []
    const value = valueOf(params, name)
    if (value === undefined) return [{ path: ["params", name], message: "is required" }]
    return value === "" || isDotSegment(value)
      ? [{ path: ["params", name], message: "expected text that is neither empty nor a dot segment" }]
      : []
  })
]

/** Puts each parameter into its `{name}` place as exactly one path segment. @internal */
export const expandPath = ({ params, template }: Path): string =>
  template.parts
    .map((part, index) => {
      if (index % 2 === 0) return part
      const value = valueOf(params, part)
      return value === undefined ? `{${part}}` : encodeSegment(value)
    })
    .join("")
