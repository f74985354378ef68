import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import { ExpressApi } from "../ExpressApi.js"

type Json = Readonly<Record<string, unknown>>

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? character)

const prose = (text: string): string => escape(text).replace(/`([^`]+)`/g, "<code>$1</code>")

const paragraph = (text: string | undefined): string => (text === undefined ? "" : `<p>${prose(text)}</p>`)

const refName = (schema: Json): string | undefined =>
  typeof schema["$ref"] === "string" ? schema["$ref"].split("/").at(-1) : undefined

const schemasIn = (value: unknown): ReadonlyArray<Json> =>
  Array.isArray(value) ? value.filter(Predicate.isReadonlyRecord) : []

const typeOf = (schema: Json): string => {
  const ref = "type" in schema ? undefined : refName(schema)
  if (ref !== undefined) return `<a href="#schema-${escape(ref)}">${escape(ref)}</a>`
  const parts = [...schemasIn(schema["anyOf"]), ...schemasIn(schema["allOf"])]
  if (parts.length > 0) return parts.map(typeOf).join(" or ")
  if (schema["type"] === "array" && Predicate.isReadonlyRecord(schema["items"]))
    return `list of ${typeOf(schema["items"])}`
  if (Array.isArray(schema["enum"]))
    return schema["enum"].map((value) => `<code>${escape(JSON.stringify(value))}</code>`).join(" or ")
  return escape([schema["type"], schema["format"]].filter(Predicate.isString).join(", "))
}

const limits = ["minimum", "maximum", "minLength", "maxLength", "pattern", "maxProperties", "default"]

const notesOf = (schema: Json): string =>
  [
    ...(typeof schema["description"] === "string" ? [prose(schema["description"].replace(/\.$/, ""))] : []),
    ...limits.filter((key) => key in schema).map((key) => `${key} <code>${escape(JSON.stringify(schema[key]))}</code>`)
  ].join("; ")

const row = (name: string, required: boolean, schema: Json): string =>
  `<tr><td><code>${escape(name)}</code></td><td>${typeOf(schema)}</td><td>${required ? "required" : "optional"}</td><td>${notesOf(
    schema
  )}</td></tr>`

const table = (rows: ReadonlyArray<string>): string =>
  rows.length === 0 ? "" : `<table><tr><th>name</th><th>type</th><th></th><th></th></tr>${rows.join("")}</table>`

const properties = (schema: Json): string => {
  const required = Array.isArray(schema["required"]) ? schema["required"] : []
  const fields = Predicate.isReadonlyRecord(schema["properties"]) ? Object.entries(schema["properties"]) : []
  return table(
    fields.flatMap(([name, field]) =>
      Predicate.isReadonlyRecord(field) ? [row(name, required.includes(name), field), ...nested(name, field)] : []
    )
  )
}

const nested = (parent: string, schema: Json): ReadonlyArray<string> => {
  const required = Array.isArray(schema["required"]) ? schema["required"] : []
  const fields = Predicate.isReadonlyRecord(schema["properties"]) ? Object.entries(schema["properties"]) : []
  return fields.flatMap(([name, field]) =>
    Predicate.isReadonlyRecord(field) ? [row(`${parent}.${name}`, required.includes(name), field)] : []
  )
}

const schemaSection = ([name, schema]: readonly [string, Json]): string =>
  `<section id="schema-${escape(name)}"><h3>${escape(name)}</h3>${
    properties(schema) || `<p>${[typeOf(schema), notesOf(schema)].filter((text) => text !== "").join(": ")}</p>`
  }</section>`

const bodyOf = (content: OpenApi.OpenApiSpecContent | undefined): string => {
  const schema = content?.["application/json"]?.schema as unknown
  return Predicate.isReadonlyRecord(schema) ? typeOf(schema) : "no body"
}

const operation = (path: string, method: string, op: OpenApi.OpenAPISpecOperation): string => {
  const parameters = op.parameters.map((parameter) =>
    row(`${parameter.name} (${parameter.in})`, parameter.required, { ...parameter.schema })
  )
  const answers = Object.entries(op.responses).map(
    ([status, { content, description }]) =>
      `<tr><td><code>${escape(status)}</code></td><td>${bodyOf(content)}</td><td>${prose(description)}</td></tr>`
  )
  return `<section id="${escape(op.operationId)}"><h3>${escape(op.summary ?? op.operationId)}</h3>
<p><code class="route"><b>${escape(method.toUpperCase())}</b> ${escape(path)}</code></p>${paragraph(op.description)}
<h4>Request</h4>${table(parameters)}<p>Body: ${bodyOf(op.requestBody?.content)}</p>
<h4>Answers</h4><table><tr><th>status</th><th>body</th><th></th></tr>${answers.join("")}</table></section>`
}

const operationsOf = (spec: OpenApi.OpenAPISpec, tag: string): ReadonlyArray<string> =>
  Object.entries(spec.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, op]) => (op.tags.includes(tag) ? [operation(path, method, op)] : []))
  )

const style = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8884}
section{margin:2rem 0}code{font-family:ui-monospace,monospace;font-size:.9em}.route{font-size:1.05em}h2{border-bottom:2px solid #8888}`

/** The page to read: no scripts, and nothing that comes from elsewhere. */
export const render = (spec: OpenApi.OpenAPISpec): string =>
  `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(spec.info.title)}</title><style>${style}</style></head><body>
<h1>${escape(spec.info.title)}</h1>${paragraph(spec.info.description)}
<p>Authentication: <code>Authorization: Bearer &lt;API key&gt;</code>. The whole description as OpenAPI: <a href="/openapi.json">/openapi.json</a>.</p>
${spec.tags
  .map(
    ({ description, name }) => `<h2>${escape(name)}</h2>${paragraph(description)}${operationsOf(spec, name).join("")}`
  )
  .join("")}
<h2>Schemas</h2>${Object.entries(spec.components.schemas)
    .map(([name, schema]) => schemaSection([name, { ...schema }]))
    .join("")}
</body></html>`

const page = Effect.sync(() =>
  HttpServerResponse.setHeader(
    HttpServerResponse.html(render(OpenApi.fromApi(ExpressApi))),
    "content-security-policy",
    "default-src 'none'; style-src 'unsafe-inline'"
  )
)

/** `/openapi.json` and `/docs`. */
export const layer = Layer.merge(
  HttpApiBuilder.middlewareOpenApi(),
  HttpApiBuilder.Router.use((router) => router.get("/docs", page))
)
