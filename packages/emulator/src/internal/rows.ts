import { Customer, type CustomerEncoded, Timestamp } from "@effect-avara/core/Customer"
import * as Schema from "effect/Schema"
import * as Generator from "../Generator.js"
import type { GivenCustomer } from "../State.js"

/** A customer with its users, whom the API itself never lists. */
export interface CustomerWithUsers extends CustomerEncoded {
  readonly users: ReadonlyArray<string>
}

export interface Row {
  readonly seq: number
  readonly id: string
  /** The name as JSON, because text in SQLite ends at the first NUL. */
  readonly name: string
  readonly is_active: number
  readonly created_at: number | null
  readonly updated_at: number | null
  readonly created_by_api_key_id: string | null
  readonly created_by_user_id: string | null
  readonly metadata: string | null
  /** The ids of the users, as JSON. */
  readonly users: string
}

const toIso = (millis: number | null): string | null => (millis === null ? null : new Date(millis).toISOString())

const toMillis = (iso: string | null = null): number | null => (iso === null ? null : Date.parse(iso))

/** Returns the creator fields. A customer created by an API key has `createdByUserId: null`. */
const creatorOf = (row: Row): Pick<CustomerEncoded, "createdByApiKeyId" | "createdByUserId"> => ({
  ...(row.created_by_api_key_id === null ? {} : { createdByApiKeyId: row.created_by_api_key_id }),
  ...(row.created_by_api_key_id === null && row.created_by_user_id === null
    ? {}
    : { createdByUserId: row.created_by_user_id })
})

export const usersOf = (row: Row): ReadonlyArray<string> => JSON.parse(row.users) as ReadonlyArray<string>

export const fromRow = (row: Row): CustomerEncoded => ({
  expressCustomerId: row.id,
  expressCustomerName: JSON.parse(row.name) as string,
  isActive: row.is_active === 1,
  userCount: usersOf(row).length,
  createdAt: toIso(row.created_at),
  updatedAt: toIso(row.updated_at),
  ...creatorOf(row),
  ...(row.metadata === null ? {} : { metadata: JSON.parse(row.metadata) as Record<string, string> })
})

export type Entry = Omit<Row, "seq">

export const metadataText = (metadata: CustomerEncoded["metadata"]): string | null =>
  metadata === undefined || metadata === null ? null : JSON.stringify(metadata)

export const generatedEntry = ({ customer, userIds }: Generator.Generated): Entry => ({
  id: customer.expressCustomerId,
  name: JSON.stringify(customer.expressCustomerName),
  is_active: customer.isActive ? 1 : 0,
  created_at: toMillis(customer.createdAt),
  updated_at: toMillis(customer.updatedAt),
  created_by_api_key_id: customer.createdByApiKeyId ?? null,
  created_by_user_id: customer.createdByUserId ?? null,
  metadata: metadataText(customer.metadata),
  users: JSON.stringify(userIds)
})

const readTime = Schema.decodeSync(Timestamp)

const millisOf = (text: string | null): number | null => (text === null ? null : readTime(text).epochMillis)

/** Completes a given customer with defaults. */
export const givenEntry = (given: GivenCustomer, seed: number, now: number, madeUpId: string): Entry => {
  const { createdAt, updatedAt } = given
  const created = createdAt === undefined ? now : millisOf(createdAt)
  return {
    id: given.expressCustomerId ?? madeUpId,
    name: JSON.stringify(given.expressCustomerName),
    is_active: given.isActive === false ? 0 : 1,
    created_at: created,
    updated_at: updatedAt === undefined ? created : millisOf(updatedAt),
    created_by_api_key_id: given.createdByApiKeyId ?? null,
    created_by_user_id: given.createdByUserId ?? null,
    metadata: metadataText(given.metadata),
    users: JSON.stringify(given.users ?? Generator.userIds(seed, given.userCount ?? 0))
  }
}

export const toGiven = (row: Row): CustomerWithUsers => ({ ...fromRow(row), users: usersOf(row) })

export const toCustomer = Schema.decodeSync(Customer)
