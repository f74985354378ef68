import type { CustomerEncoded } from "@effect-avara/core/Customer"
import * as Effect from "effect/Effect"
import { Emulator } from "../src/Emulator.js"

export const key = "sk_live_0123456789abcdef0123456789abcdef"

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: AnswerJson
}

/** The fields of every kind of response. A test reads the fields of the kind that it expects. */
export interface AnswerJson extends CustomerEncoded {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly issues: ReadonlyArray<{ readonly path: ReadonlyArray<string | number>; readonly message: string }>
  }
  readonly expressCustomers: ReadonlyArray<CustomerEncoded>
  readonly hasMore: boolean
  readonly cursor?: string
  readonly paths: Readonly<Record<string, object>>
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>
    readonly securitySchemes: Readonly<Record<string, object>>
  }
}

export interface Asked {
  readonly method?: string
  readonly body?: unknown
  readonly raw?: string
  readonly headers?: Record<string, string>
}

const parse = (text: string): AnswerJson => {
  try {
    return JSON.parse(text)
  } catch {
    return JSON.parse("{}")
  }
}

export const ask = (
  path: string,
  { body, headers, method = "GET", raw }: Asked = {}
): Effect.Effect<Answer, never, Emulator> =>
  Effect.flatMap(Emulator, ({ url }) =>
    Effect.promise(async (signal) => {
      const text = raw ?? (body === undefined ? undefined : JSON.stringify(body))
      const response = await fetch(`${url}${path}`, {
        method,
        signal,
        headers: {
          authorization: `Bearer ${key}`,
          ...(text === undefined ? {} : { "content-type": "application/json" }),
          ...headers
        },
        ...(text === undefined ? {} : { body: text })
      })
      const answered = await response.text()
      return { status: response.status, headers: response.headers, text: answered, json: parse(answered) }
    })
  )

export const create = (expressCustomerName: string, metadata?: Record<string, string>) =>
  Effect.map(
    ask("/v1/express", { method: "POST", body: { expressCustomerName, ...(metadata && { metadata }) } }),
    ({ json }): CustomerEncoded => json
  )

export const missingCustomer = `cus_${"f".repeat(32)}`
export const user = `usr_${"a".repeat(32)}`
