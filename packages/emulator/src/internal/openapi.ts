import * as Predicate from "effect/Predicate"

const platformSchemas = ["HttpApiDecodeError", "Issue", "PropertyKey"]

const isDecodeError = (value: unknown): boolean =>
  Predicate.isReadonlyRecord(value) && value["$ref"] === "#/components/schemas/HttpApiDecodeError"

const withoutReferences = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutReferences)
  if (!Predicate.isReadonlyRecord(value)) return value
  const { anyOf } = value
  if (Array.isArray(anyOf) && anyOf.some(isDecodeError)) {
    const [first, ...others] = anyOf.filter((member) => !isDecodeError(member))
    return others.length === 0 ? first : { anyOf: [first, ...others] }
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutReferences(inner)]))
}

const withoutSchemas = (schemas: unknown): object =>
  Object.fromEntries(Object.entries(schemas ?? {}).filter(([name]) => !platformSchemas.includes(name)))

/** Removes the platform's own decode error from the document: this API never returns it. */
export const withoutDecodeError = (spec: Record<string, unknown>): Record<string, unknown> => {
  const components = Predicate.isReadonlyRecord(spec["components"]) ? spec["components"] : {}
  return {
    ...spec,
    paths: withoutReferences(spec["paths"]),
    components: { ...components, schemas: withoutSchemas(components["schemas"]) }
  }
}
