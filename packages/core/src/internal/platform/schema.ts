import type * as Arr from "effect/Array"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import type * as AST from "effect/SchemaAST"

/** Creates a field that may be absent, but not `undefined`. @internal */
export const exactOptional = <A, I>(schema: Schema.Schema<A, I>) => Schema.optionalWith(schema, { exact: true })

/** Like `exactOptional`, but reads `null` as absent, too. @internal */
export const exactNullable = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optionalWith(schema, { exact: true, nullable: true })

/** Like `exactOptional`, but allows `null` as a value. @internal */
export const exactNullOr = <S extends Schema.Schema.Any>(schema: S) =>
  Schema.optionalWith(Schema.NullOr(schema), { exact: true })

/** Creates a field that is read as this value if it is absent. @internal */
export const exactOptionalOr = <S extends Schema.Schema.Any, const A extends Schema.Schema.Type<S>>(
  schema: S,
  value: A
) => Schema.optionalWith(schema, { exact: true, default: () => value })

/** Creates a field that has this value if a constructor omits it. @internal */
export const constructedOr = <A, I>(schema: Schema.Schema<A, I>, value: A) =>
  schema.pipe(
    Schema.propertySignature,
    Schema.withConstructorDefault(() => value)
  )

/** Creates the schema of one of several literals. @internal */
export const oneOf = Schema.Literal

/** Describes what a schema expects, in its annotations and its messages. @internal */
export const rule = (description: string) => ({ description, message: () => description })

/** Creates the issue of a value that is not what the schema expects. @internal */
export const mismatch = (ast: AST.AST, value: unknown): ParseResult.ParseIssue => new ParseResult.Type(ast, value)

/** Creates an issue at a path of a value. @internal */
export const issueAt = (
  path: Arr.NonEmptyReadonlyArray<PropertyKey>,
  value: unknown,
  issue: ParseResult.ParseIssue
): ParseResult.ParseIssue => new ParseResult.Pointer(path, value, issue)

/** Combines several issues of one value. @internal */
export const issues = (
  ast: AST.AST,
  value: unknown,
  all: Arr.NonEmptyReadonlyArray<ParseResult.ParseIssue>
): ParseResult.ParseIssue => new ParseResult.Composite(ast, value, all)

/** @internal */
export const parseError = (issue: ParseResult.ParseIssue): ParseResult.ParseError =>
  new ParseResult.ParseError({ issue })
