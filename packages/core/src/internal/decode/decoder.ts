import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"

/** Stands for "not valid": what is wrong is then said by the interpreter. @internal */
export const invalid: unique symbol = Symbol.for("@effect-avara/core/invalid")

/** Gives the decoded value or `invalid`, never an issue. */
type Read = (input: unknown) => unknown

const readAnnotation: unique symbol = Symbol.for("@effect-avara/core/read")

/** Gives a transformation a direct way to read its input, which must agree with its `decode` on every input. @internal */
export const withRead = (read: Read) => ({ [readAnnotation]: read })

/** What a field of an answer does with what the type does not have. */
type Tolerance = "nullIsAbsent" | "absentIsNull"

const toleranceAnnotation: unique symbol = Symbol.for("@effect-avara/core/tolerance")

const tolerates = (tolerance: Tolerance) => ({ [toleranceAnnotation]: tolerance })

/** An optional field that the server may send as `null` too. @internal */
export const nullIsAbsent = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optionalWith(schema, { exact: true, nullable: true }).annotations(tolerates("nullIsAbsent"))

/** A field that is `null` where the server does not send it. @internal */
export const absentIsNull = <A, I>(schema: Schema.Schema<A, I>) =>
  Schema.optionalWith(Schema.NullOr(schema), { exact: true, default: () => null }).annotations(
    tolerates("absentIsNull")
  )

const options: AST.ParseOptions = { errors: "all" }

const guard =
  (is: (input: unknown) => boolean): Read =>
  (input) =>
    is(input) ? input : invalid

const refinement =
  (ast: AST.Refinement, from: Read): Read =>
  (input) => {
    const value = from(input)
    return value === invalid || Option.isSome(ast.filter(value, options, ast)) ? invalid : value
  }

const declaration = (ast: AST.Declaration): Read => {
  const decode = ast.decodeUnknown(...ast.typeParameters)
  return (input) => {
    const result = decode(input, options, ast)
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
    if (!Predicate.isReadonlyRecord(input) || Array.isArray(input)) return invalid
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

type ToleranceOf = (name: PropertyKey) => Tolerance | undefined

const compileStruct = (ast: AST.TypeLiteral, toleranceOf: ToleranceOf = () => undefined): Option.Option<Read> => {
  if (ast.indexSignatures.length > 0 || ast.propertySignatures.length === 0) return Option.none()
  const fields = ast.propertySignatures.map(({ isOptional, name, type }) =>
    typeof name === "string" && name !== "__proto__"
      ? Option.map(compile(type), (read): Field => ({ isOptional, name, tolerance: toleranceOf(name), read }))
      : Option.none()
  )
  return Option.map(Option.all(fields), struct)
}

/** A struct whose only transformations are the tolerances of its fields. */
const compileTolerantStruct = ({ from, to, transformation }: AST.Transformation): Option.Option<Read> => {
  if (!AST.isTypeLiteralTransformation(transformation) || !AST.isTypeLiteral(from) || !AST.isTypeLiteral(to)) {
    return Option.none()
  }
  const tolerances = new Map(
    to.propertySignatures.map((field) => [
      field.name,
      Option.getOrUndefined(AST.getAnnotation<Tolerance>(field, toleranceAnnotation))
    ])
  )
  return transformation.propertySignatureTransformations.every((field) => tolerances.get(field.to) !== undefined)
    ? compileStruct(from, (name) => tolerances.get(name))
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

/** Parsing into closures, without an object per step; none for a schema with a node that it does not know. @internal */
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

/** Whether what a schema reads is text in all cases. @internal */
export const readsText = (ast: AST.AST): boolean => {
  const encoded = AST.encodedAST(ast)
  switch (encoded._tag) {
    case "StringKeyword":
    case "TemplateLiteral":
      return true
    case "Literal":
      return typeof encoded.literal === "string"
    case "Refinement":
      return readsText(encoded.from)
    case "Union":
      return encoded.types.every(readsText)
    default:
      return false
  }
}

/** Hears the path of a field that is read as absent because it has another shape than documented. @internal */
export type OnDrift = (path: string) => void

/** Reads the JSON of an answer, strictly without `onDrift`. @internal */
export type Decode<A> = (json: unknown, onDrift?: OnDrift) => Either.Either<A, ParseResult.ParseError>

/** Stock decoding: slower, and the one that says what is wrong. @internal */
export const interpret =
  <A, I>(schema: Schema.Schema<A, I>): Decode<A> =>
  (json) =>
    Schema.decodeUnknownEither(schema, options)(json)

/** Decodes the answer to a request of a user: a schema that expects nothing takes any JSON. @internal */
export const decodeRequested = <A, I>(schema: Schema.Schema<A, I>): Decode<A> => {
  const decode = decodeWith(schema)
  return AST.isVoidKeyword(schema.ast) ? () => decode(undefined) : decode
}

/** Decodes as `interpret` does, but for a valid input in a fraction of the time; filters must be pure. @internal */
export const decodeWith = <A, I>(schema: Schema.Schema<A, I>): Decode<A> => {
  const interpreted = interpret(schema)
  return Option.match(compile(schema.ast), {
    onNone: () => interpreted,
    onSome: (read) => (json) => {
      const value = read(json)
      return value === invalid ? interpreted(json) : Either.right(value as A)
    }
  })
}
