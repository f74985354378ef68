import type * as Arr from "effect/Array"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import type * as AST from "effect/SchemaAST"

/** A field that may be absent, but not `undefined`. @internal */
export const exactOptional = <A, I>(schema: Schema.Schema<A, I>) => Schema.optionalWith(schema, { exact: true })

/** The same, where `null` is read as absent too. @internal */
export const exactNullable = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optionalWith(schema, { exact: true, nullable: true })

/** The same, where `null` is a value of its own. @internal */
export const exactNullOr = <S extends Schema.Schema.Any>(schema: S) =>
  Schema.optionalWith(Schema.NullOr(schema), { exact: true })

/** A field that has this value where it is absent. @internal */
export const exactOptionalOr = <S extends Schema.Schema.Any, const A extends Schema.Schema.Type<S>>(
  schema: S,
  value: A
) => Schema.optionalWith(schema, { exact: true, default: () => value })

/** A field that has this value where its constructor is given none. @internal */
export const constructedOr = <A, I>(schema: Schema.Schema<A, I>, value: A) =>
  schema.pipe(
    Schema.propertySignature,
    Schema.withConstructorDefault(() => value)
  )

/** One of a few texts or numbers. @internal */
export const oneOf = Schema.Literal

/** What a schema says that it expects, in its messages too. @internal */
export const rule = (description: string) => ({ description, message: () => description })

/** A value is not what the schema expects. @internal */
export const mismatch = (ast: AST.AST, value: unknown): ParseResult.ParseIssue => new ParseResult.Type(ast, value)

/** The part of a value that an issue is about. @internal */
export const issueAt = (
  path: Arr.NonEmptyReadonlyArray<PropertyKey>,
  value: unknown,
  issue: ParseResult.ParseIssue
): ParseResult.ParseIssue => new ParseResult.Pointer(path, value, issue)

/** Several issues of one value. @internal */
export const issues = (
  ast: AST.AST,
  value: unknown,
  all: Arr.NonEmptyReadonlyArray<ParseResult.ParseIssue>
): ParseResult.ParseIssue => new ParseResult.Composite(ast, value, all)

/** @internal */
export const parseError = (issue: ParseResult.ParseIssue): ParseResult.ParseError =>
  new ParseResult.ParseError({ issue })
