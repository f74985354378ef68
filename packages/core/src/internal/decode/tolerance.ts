import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

/** What a field of an answer does with what its type does not have. @internal */
export type Tolerance = "nullIsAbsent" | "absentIsNull"

const toleranceAnnotation: unique symbol = Symbol.for("@effect-avara/core/tolerance")

const tolerates = (tolerance: Tolerance) => ({ [toleranceAnnotation]: tolerance })

/** @internal */
export const toleranceOf = (field: AST.PropertySignature): Tolerance | undefined =>
  Option.getOrUndefined(AST.getAnnotation<Tolerance>(field, toleranceAnnotation))

/** An optional field that the server may send as `null` too. @internal */
export const nullIsAbsent = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optionalWith(schema, { exact: true, nullable: true }).annotations(tolerates("nullIsAbsent"))

/** A field that is `null` where the server does not send it. @internal */
export const absentIsNull = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optionalWith(Schema.NullOr(schema), { exact: true, default: () => null }).annotations(
    tolerates("absentIsNull")
  )
