import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { exactNullable, exactOptionalOr } from "../platform/schema.js"

/** How a field of a response treats a value outside its type. @internal */
export type Tolerance = "nullIsAbsent" | "absentIsNull"

const toleranceAnnotation: unique symbol = Symbol.for("@effect-avara/core/tolerance")

const tolerates = (tolerance: Tolerance) => ({ [toleranceAnnotation]: tolerance })

/** @internal */
export const toleranceOf = (field: AST.PropertySignature): Tolerance | undefined =>
  Option.getOrUndefined(AST.getAnnotation<Tolerance>(field, toleranceAnnotation))

/** An optional field that the server may also send as `null`. @internal */
export const nullIsAbsent = <A, I>(schema: Schema.Schema<A, I>) =>
  exactNullable(schema).annotations(tolerates("nullIsAbsent"))

/** A field that is `null` if the server does not send it. @internal */
export const absentIsNull = <A, I>(schema: Schema.Schema<A, I>) =>
  exactOptionalOr(Schema.NullOr(schema), null).annotations(tolerates("absentIsNull"))
