import { Buffer } from "node:buffer"

/** How many customers a page holds. */
export const pageSize = 100

/** A key in the documented format, for a server that does not check it. */
export const apiKey = "sk_live_0123456789abcdef0123456789abcdef"

/** A customer as JSON. */
export interface WireCustomer {
  readonly expressCustomerId: string
  readonly expressCustomerName: string
  readonly isActive: boolean
  readonly userCount: number
  readonly createdAt: string | null
  readonly updatedAt: string | null
  readonly createdByApiKeyId?: string
  readonly createdByUserId?: string | null
  readonly metadata?: Readonly<Record<string, string>>
}

/** A page as JSON. */
export interface WirePage {
  readonly expressCustomers: ReadonlyArray<WireCustomer>
  readonly hasMore: boolean
  readonly cursor?: string
}

const prefix = "cus_"

/** Mixes an index into 32 bits and back, so that ids look random but still encode their index. */
const mask = 0x5bd1e995

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, "0")

/** The last one keeps the bits unchanged. */
const factors = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 1]

/** The id of the customer at this position of the list. */
export const idAt = (index: number): string => {
  const low = (index ^ mask) >>> 0
  return prefix + factors.map((factor) => hex(Math.imul(low, factor))).join("")
}

/** The position of the customer with this id, or -1 for an id that no server of this benchmark returns. */
export const indexOf = (id: string): number => {
  const index = (Number.parseInt(id.slice(-8), 16) ^ mask) >>> 0
  return id === idAt(index) ? index : -1
}

const departments = ["Radiology", "Cardiology", "Oncology", "Orthopaedics", "Neurology", "Paediatrics", "Surgery"]

const regions = ["northeast", "southeast", "midwest", "southwest", "west"]

const twoDigits = (value: number): string => String(value).padStart(2, "0")

const timestamp = (seed: number): string => {
  const [month, day, hour] = [1 + (seed % 12), 1 + (seed % 28), seed % 24].map(twoDigits)
  const fraction = seed % 3 === 0 ? "" : `.${String((seed * 37) % 1000).padStart(3, "0")}`
  return `2024-${month}-${day}T${hour}:${twoDigits((seed * 7) % 60)}:${twoDigits((seed * 13) % 60)}${fraction}Z`
}

/** The customer at this position of the list; all fields but the id repeat on every page. */
export const customerAt = (index: number): WireCustomer => {
  const seed = index % pageSize
  return {
    expressCustomerId: idAt(index),
    expressCustomerName: `City Medical Center ${seed} - ${departments[seed % departments.length]} Department`,
    isActive: seed % 8 !== 0,
    userCount: seed % 40,
    createdAt: timestamp(seed),
    updatedAt: seed % 4 === 0 ? null : timestamp(seed + 31),
    ...(seed % 2 === 0 ? { createdByApiKeyId: "550e8400-e29b-41d4-a716-446655440000" } : {}),
    createdByUserId: seed % 2 === 0 ? null : "usr_1234567890abcdef1234567890abcdef",
    ...(seed % 3 === 0
      ? {}
      : { metadata: { region: regions[seed % regions.length] ?? "", tier: "gold", crm: `acc-${seed}` } })
  }
}

const cursorOf = (offset: number): string => Buffer.from(JSON.stringify({ offset })).toString("base64")

/** The position that a cursor of this benchmark encodes. */
export const offsetOf = (cursor: string): number => JSON.parse(Buffer.from(cursor, "base64").toString()).offset

const template = Buffer.from(
  `{"expressCustomers":${JSON.stringify(Array.from({ length: pageSize }, (_, index) => customerAt(index)))}`
)

const idPlaces = Array.from({ length: pageSize }, (_, index) => template.indexOf(idAt(index)))

const endOfPage = (offset: number, customers: number): string =>
  offset + pageSize < customers ? `,"hasMore":true,"cursor":"${cursorOf(offset + pageSize)}"}` : `,"hasMore":false}`

const written = (offset: number, customers: number): Buffer => {
  const length = Math.max(0, Math.min(pageSize, customers - offset))
  const page = Array.from({ length }, (_, index) => customerAt(offset + index))
  return Buffer.from(`{"expressCustomers":${JSON.stringify(page)}${endOfPage(offset, customers)}`)
}

/** The body of the page at this position; complete pages differ only in their ids and cost the server almost nothing. */
export const pageBody = (offset: number, customers: number): Buffer => {
  if (offset % pageSize !== 0 || offset + pageSize > customers) return written(offset, customers)
  const end = endOfPage(offset, customers)
  const body = Buffer.allocUnsafe(template.length + end.length)
  template.copy(body)
  for (const [index, place] of idPlaces.entries()) body.write(idAt(offset + index), place, "latin1")
  body.write(end, template.length, "latin1")
  return body
}
