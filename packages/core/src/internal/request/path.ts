import type * as Issue from "../../Issue.js"

/** A path with placeholders for parameters. @internal */
export interface Template {
  /** The text for errors, spans and logs. */
  readonly text: string
  readonly names: ReadonlyArray<string>
  /** The text before each name and after the last one. */
  readonly literals: ReadonlyArray<string>
  /** Whether a URL keeps the text unchanged: it has no dot segments and needs no escapes. */
  readonly isPlain: boolean
}

/** Removes a query or fragment in a path, which may hold values. */
const withoutQuery = (text: string): string => text.replace(/[?#].*$/s, "")

/** Parses a path, with `{name}` as the placeholder of a parameter. @internal */
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

/** Returns the parameter's value, and ignores inherited properties. */
const valueOf = (params: Path["params"], name: string) => (Object.hasOwn(params, name) ? params[name] : undefined)

/** Checks for dot segments. URLs resolve them even if they are escaped, so they cannot be encoded. */
const isDotSegment = (text: string) => text === "." || text === ".."

/** Encodes text as one part of a URL, and replaces lone surrogates. @internal */
export const encodePart = (text: string): string => {
  try {
    return encodeURIComponent(text)
  } catch {
    return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD"))
  }
}

/** Checks for `?` and `#`, which would begin a query or a fragment. */
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

/** Returns the issues of a path, and of parameters that cannot be one segment each. @internal */
export const pathIssues = ({ params, template }: Path): ReadonlyArray<Issue.Issue> => {
  const message = templateIssue(template)
  const issues: Array<Issue.Issue> = message === undefined ? [] : [{ path: ["path"], message }]
  for (const name of template.names) {
    const message = segmentIssue(valueOf(params, name))
    if (message !== undefined) issues.push({ path: ["params", name], message })
  }
  return issues
}

/** Replaces each placeholder with its parameter, as exactly one path segment. Every parameter must exist. @internal */
export const expandPath = ({ params, template: { literals, names } }: Path): string =>
  names.reduce(
    (path, name, index) => path + encodePart(params[name] ?? "") + (literals[index + 1] ?? ""),
    literals[0] ?? ""
  )
