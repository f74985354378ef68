import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as AST from "effect/SchemaAST"
import { type Tolerance, toleranceOf } from "./tolerance.js"

/** The result for invalid input; the interpreter then finds the issues. @internal */
export const invalid: unique symbol = Symbol.for("@effect-avara/core/invalid")

/** Returns the decoded value or `invalid`, never an issue. */
type Read = (input: unknown) => unknown

const readAnnotation: unique symbol = Symbol.for("@effect-avara/core/read")

/** Annotates a transformation of text with a direct reader. It returns the same values as `decode`, or `undefined` for invalid text. @internal */
export const readWith = (read: (text: string) => unknown) => ({
  [readAnnotation]: (input: unknown) => (typeof input === "string" ? (read(input) ?? invalid) : invalid)
})

/** The options for decoding responses, compiled or not. @internal */
export const parseOptions: AST.ParseOptions = { errors: "all" }

const guard =
  (is: (input: unknown) => boolean): Read =>
  (input) =>
    is(input) ? input : invalid

const refinement =
  (ast: AST.Refinement, from: Read): Read =>
  (input) => {
    const value = from(input)
    return value === invalid || Option.isSome(ast.filter(value, parseOptions, ast)) ? invalid : value
  }

const declaration = (ast: AST.Declaration): Read => {
  const decode = ast.decodeUnknown(...ast.typeParameters)
  return (input) => {
    const result = decode(input, parseOptions, ast)
    return Either.isEither(result) && Either.isRight(result) ? result.right : invalid
  }
}

const nullable =
  (value: Read): Read =>
  (input) =>
    input === null ? null : value(input)

const array =
  (item: Read): Read =>
  (input) => {
    if (!Array.isArray(input)) return invalid
    const output = new Array<unknown>(input.length)
    for (let index = 0; index < input.length; index++) {
      const value = item(input[index])
      if (value === invalid) return invalid
      output[index] = value
    }
    return output
  }

interface Field {
  readonly name: string
  readonly isOptional: boolean
  readonly tolerance: Tolerance | undefined
  readonly read: Read
}

const struct =
  (fields: ReadonlyArray<Field>): Read =>
  (input) => {
    if (!Predicate.isReadonlyRecord(input)) return invalid
    const output: Record<string, unknown> = {}
    for (const { isOptional, name, read, tolerance } of fields) {
      if (Object.hasOwn(input, name)) {
        const value = read(input[name])
        if (value === invalid) return invalid
        if (value !== null || tolerance !== "nullIsAbsent") output[name] = value
      } else if (tolerance === "absentIsNull") output[name] = null
      else if (!isOptional) return invalid
    }
    return output
  }

const noTolerances: ReadonlyMap<PropertyKey, Tolerance | undefined> = new Map()

const compileStruct = (ast: AST.TypeLiteral, tolerances = noTolerances): Option.Option<Read> => {
  if (ast.indexSignatures.length > 0 || ast.propertySignatures.length === 0) return Option.none()
  const fields = ast.propertySignatures.map(({ isOptional, name, type }) =>
    typeof name === "string" && name !== "__proto__"
      ? Option.map(compile(type), (read): Field => ({ isOptional, name, tolerance: tolerances.get(name), read }))
      : Option.none()
  )
  return Option.map(Option.all(fields), struct)
}

/** Compiles a struct whose only transformations are the tolerances of its fields. */
const compileTolerantStruct = ({ from, to, transformation }: AST.Transformation): Option.Option<Read> => {
  if (!AST.isTypeLiteralTransformation(transformation) || !AST.isTypeLiteral(from) || !AST.isTypeLiteral(to)) {
    return Option.none()
  }
  const tolerances = new Map(to.propertySignatures.map((field) => [field.name, toleranceOf(field)]))
  return transformation.propertySignatureTransformations.every((field) => tolerances.get(field.to) !== undefined)
    ? compileStruct(from, tolerances)
    : Option.none()
}

const compileUnion = ({ types: [first, second, ...more] }: AST.Union): Option.Option<Read> =>
  more.length === 0 && AST.isLiteral(second) && second.literal === null
    ? Option.map(compile(first), nullable)
    : Option.none()

const compileTuple = ({ elements, rest: [rest, ...more] }: AST.TupleType): Option.Option<Read> =>
  elements.length === 0 && rest !== undefined && more.length === 0
    ? Option.map(compile(rest.type), array)
    : Option.none()

/** Compiles a schema to closures that allocate no objects for their steps. Returns none if the schema has an unknown node. @internal */
export const compile = (ast: AST.AST): Option.Option<Read> => {
  const own = AST.getAnnotation<Read>(ast, readAnnotation)
  if (Option.isSome(own)) return own
  switch (ast._tag) {
    case "StringKeyword":
      return Option.some(guard(Predicate.isString))
    case "NumberKeyword":
      return Option.some(guard(Predicate.isNumber))
    case "BooleanKeyword":
      return Option.some(guard(Predicate.isBoolean))
    case "Refinement":
      return Option.map(compile(ast.from), (from) => refinement(ast, from))
    case "Declaration":
      return Option.some(declaration(ast))
    case "TypeLiteral":
      return compileStruct(ast)
    case "Transformation":
      return compileTolerantStruct(ast)
    case "TupleType":
      return compileTuple(ast)
    case "Union":
      return compileUnion(ast)
    default:
      return Option.none()
  }
}
