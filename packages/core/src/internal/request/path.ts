import type * as Issue from "../../Issue.js"

/** A path with places for parameters. @internal */
export interface Template {
  /** What errors, spans and logs show. */
  readonly text: string
  readonly names: ReadonlyArray<string>
  /** The text before each name, and after the last one. */
  readonly literals: ReadonlyArray<string>
  /** Whether a URL would leave the text alone: no dot segment, nothing to escape. */
  readonly isPlain: boolean
}

/** A query that was written into a path holds values. */
const withoutQuery = (text: string): string => text.replace(/[?#].*$/s, "")

/** Reads `{name}` as the place of a parameter. @internal */
export const makeTemplate = (text: string): Template => {
  const parts = text.split(/\{([^{}]*)\}/)
  const literals = parts.filter((_, index) => index % 2 === 0)
  return {
    text: withoutQuery(text),
    names: parts.filter((_, index) => index % 2 === 1),
    literals,
    isPlain: literals.every((literal) => /^[\w/~-]*$/.test(literal))
  }
}

/** @internal */
export interface Path {
  readonly template: Template
  readonly params: Readonly<Record<string, string>>
}

/** Not what every object inherits. */
const valueOf = (params: Path["params"], name: string) => (Object.hasOwn(params, name) ? params[name] : undefined)

/** A URL resolves dot segments even when they are escaped, so that no encoding keeps them in their place. */
const isDotSegment = (text: string) => text === "." || text === ".."

/** Text as one part of a URL, with a replacement for halves of characters. @internal */
export const encodePart = (text: string): string => {
  try {
    return encodeURIComponent(text)
  } catch {
    return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD"))
  }
}

/** In a path these would begin the query and the fragment. */
const hasMore = ({ literals }: Template): boolean => literals.some((literal) => /[?#]/.test(literal))

const isSegment = (text: string) => text !== "" && !isDotSegment(text)

const segmentIssue = (text: string | undefined): string | undefined => {
  if (text === undefined) return "is required"
  return isSegment(text) ? undefined : "expected text that is neither empty nor a dot segment"
}

const templateIssue = (template: Template): string | undefined => {
  if (!template.text.startsWith("/")) return 'expected text that starts with "/"'
  return hasMore(template) ? 'expected a path without "?" and "#": pass query parameters as query' : undefined
}

/** What is wrong with the path, and what keeps its parameters from being one segment each. @internal */
export const pathIssues = ({ params, template }: Path): ReadonlyArray<Issue.Issue> => {
  const message = templateIssue(template)
  const issues: Array<Issue.Issue> = message === undefined ? [] : [{ path: ["path"], message }]
  for (const name of template.names) {
    const message = segmentIssue(valueOf(params, name))
    if (message !== undefined) issues.push({ path: ["params", name], message })
  }
  return issues
}

/** Puts each parameter into its place as exactly one path segment; there is one for each. @internal */
export const expandPath = ({ params, template: { literals, names } }: Path): string =>
  names.reduce(
    (path, name, index) => path + encodePart(params[name] ?? "") + (literals[index + 1] ?? ""),
    literals[0] ?? ""
  )
