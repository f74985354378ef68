/**
 * The problems in an input or a response: where each one is and what was expected, but never the invalid value.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import type * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

/**
 * The schema of one problem: where it is, and what was expected. It never contains the invalid value.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Issue = Schema.Struct({
  /** The keys from the outermost to the innermost; empty if the problem concerns the value as a whole. */
  path: Schema.Array(Schema.Union(Schema.String, Schema.Number)),
  message: Schema.String
}).annotations({ identifier: "AvaraIssue" })

/**
 * One problem: where it is, and what was expected. It never contains the invalid value.
 *
 * @since 0.1.0
 * @category models
 */
export interface Issue extends Schema.Schema.Type<typeof Issue> {}

/**
 * Returns every issue of a parse error, without the values that a `ParseError` prints.
 *
 * @example
 * ```ts
 * import { CreateParams, Issue } from "@effect-avara/core"
 * import * as Either from "effect/Either"
 * import * as Schema from "effect/Schema"
 *
 * const issues = Schema.decodeUnknownEither(CreateParams)({ expressCustomerName: "" }).pipe(
 *   Either.flip,
 *   Either.map(Issue.fromParseError),
 *   Either.getOrElse(() => [])
 * )
 * // [{ path: ["expressCustomerName"], message: "expected text of at least 1 character" }]
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromParseError = (error: ParseResult.ParseError): ReadonlyArray<Issue> => issuesAt([], error.issue)

/**
 * Formats issues as one line of text.
 *
 * @example
 * ```ts
 * import { Issue } from "@effect-avara/core"
 *
 * const text = Issue.format([{ path: ["metadata", "region"], message: "expected string" }])
 * // "metadata.region: expected string"
 * ```
 *
 * @since 0.1.0
 * @category formatting
 */
export const format = (issues: ReadonlyArray<Issue>): string =>
  issues.map(({ message, path }) => (path.length === 0 ? message : `${formatPath(path)}: ${message}`)).join("; ")

type Path = Issue["path"]

const issuesAt = (path: Path, issue: ParseResult.ParseIssue): ReadonlyArray<Issue> => {
  switch (issue._tag) {
    case "Pointer":
      return issuesAt([...path, ...pathSegments(issue.path)], issue.issue)
    case "Composite":
      return AST.isUnion(issue.ast)
        ? unionIssues(path, issue.ast, toArray(issue.issues))
        : toArray(issue.issues).flatMap((inner) => issuesAt(path, inner))
    case "Refinement":
      return issue.kind === "From" ? issuesAt(path, issue.issue) : refinementIssues(path, issue)
    case "Transformation":
      return issue.kind === "Transformation" ? [expected(path, issue.ast)] : issuesAt(path, issue.issue)
    case "Missing":
      return [{ path, message: "is required" }]
    case "Unexpected":
      return [{ path, message: "is not a known field" }]
    case "Type":
    case "Forbidden":
      return [expected(path, issue.ast)]
  }
}

/** A member with the right shape but a broken rule explains the most, followed by the members whose issues are deepest. */
const unionIssues = (
  path: Path,
  ast: AST.Union,
  issues: ReadonlyArray<ParseResult.ParseIssue>
): ReadonlyArray<Issue> => {
  const broken = issues.filter((issue) => issue._tag === "Refinement" && issue.kind === "Predicate")
  if (broken.length > 0) return broken.flatMap((issue) => issuesAt(path, issue))
  const deeper = issues.flatMap((issue) => issuesAt(path, issue)).filter((issue) => issue.path.length > path.length)
  return deeper.length > 0 ? deeper : [expected(path, ast)]
}

/** A filter that reports several paths puts its message into a `Type` issue on its own AST. */
const refinementIssues = (path: Path, refinement: ParseResult.Refinement): ReadonlyArray<Issue> => {
  const pointed = (at: Path, issue: ParseResult.ParseIssue): ReadonlyArray<Issue> => {
    switch (issue._tag) {
      case "Pointer":
        return pointed([...at, ...pathSegments(issue.path)], issue.issue)
      case "Composite":
        return toArray(issue.issues).flatMap((inner) => pointed(at, inner))
      case "Type":
        return issue.message === undefined
          ? [expected(at, refinement.ast)]
          : [{ path: at, message: `expected ${issue.message}` }]
      default:
        return [expected(at, refinement.ast)]
    }
  }
  return pointed(path, refinement.issue)
}

const expected = (path: Path, ast: AST.AST): Issue => ({ path, message: `expected ${describe(ast)}` })

const describe = (ast: AST.AST): string => {
  if (AST.isUndefinedKeyword(ast)) return "nothing"
  if (AST.isUnion(ast)) {
    return Array.from(new Set(ast.types.filter((type) => !AST.isUndefinedKeyword(type)).map(describe))).join(" or ")
  }
  if (AST.isTypeLiteral(ast)) return "an object"
  if (AST.isTupleType(ast)) return "an array"
  return AST.getDescriptionAnnotation(ast).pipe(
    Option.orElse(() => AST.getIdentifierAnnotation(ast)),
    Option.orElse(() => AST.getTitleAnnotation(ast)),
    Option.getOrElse(() => String(ast))
  )
}

const toArray = <A>(values: A | ReadonlyArray<A>): ReadonlyArray<A> => (Array.isArray(values) ? values : [values as A])

const maxSegmentLength = 100

const shortSegment = (text: string) => (text.length > maxSegmentLength ? `${text.slice(0, maxSegmentLength)}…` : text)

const pathSegments = (path: ParseResult.Path): Path =>
  toArray(path as PropertyKey | ReadonlyArray<PropertyKey>).map((segment) =>
    typeof segment === "number" ? segment : shortSegment(String(segment))
  )

const formatPath = (path: Path): string =>
  path.reduce<string>(
    (text, segment) =>
      typeof segment === "number" ? `${text}[${segment}]` : text === "" ? segment : `${text}.${segment}`,
    ""
  )
