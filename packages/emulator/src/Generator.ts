/**
 * Customers made up from a seed: the same seed and index give the same customer, on every machine.
 *
 * @since 0.1.0
 */
import type { CustomerEncoded } from "@effect-avara/core/Customer"

/**
 * A made-up customer with the users who are assigned to it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Generated {
  readonly customer: CustomerEncoded
  /** As many as `customer.userCount`. */
  readonly userIds: ReadonlyArray<string>
}

type NextWord = () => number

// sfc32: its state is as wide as an id, so ids of different indexes do not collide as those of a 32-bit state would.
const words = (seed: number, index: number, purpose: number): NextWord => {
  let a = seed >>> 0
  let b = Math.floor(seed / 2 ** 32) >>> 0
  let c = index >>> 0
  let counter = purpose
  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let round = 0; round < 15; round++) next()
  return next
}

const purposes = { customer: 1, customerId: 2, apiKeyId: 3, userId: 4, createdId: 5 }

const hex = (next: NextWord): string =>
  [next(), next(), next(), next()].map((word) => word.toString(16).padStart(8, "0")).join("")

const below = (next: NextWord, bound: number): number => next() % bound

const pick = <A>(next: NextWord, values: readonly [A, ...ReadonlyArray<A>]): A =>
  values[below(next, values.length)] ?? values[0]

const places = [
  "Riverside",
  "Lakeview",
  "Saint Mary",
  "Northgate",
  "Cedar Hill",
  "Mount Olive",
  "Bayside",
  "Fairmont",
  "Greenfield",
  "Harbor Point",
  "Westbrook",
  "Kingsway",
  "Sankt Görans",
  "São Lucas",
  "Universitätsklinikum Köln",
  "Hôpital Saint-Éloi",
  "Łódź Regional",
  "東京中央"
] as const

const kinds = [
  "Medical Center",
  "General Hospital",
  "Community Hospital",
  "Imaging Center",
  "Children's Hospital",
  "Specialty Clinic"
] as const

const departments = [
  "Radiology",
  "Cardiology",
  "Neurology",
  "Oncology",
  "Orthopedics",
  "Emergency Medicine",
  "Nuclear Medicine",
  "Pulmonology",
  "Pathology",
  "Surgery"
] as const

const regions = ["northeast", "southeast", "midwest", "northwest", "southwest"] as const
const tiers = ["basic", "standard", "enterprise"] as const
const notes = [
  "Ansprechpartnerin: Frau Dr. Müller",
  "contacto: José Ñúñez",
  "連絡先：放射線科",
  "Night shift only 🌙",
  'VIP, "call first"',
  "line one\nline two"
] as const

const uuid = (digits: string): string =>
  [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20)
  ].join("-")

/**
 * The id of the customer at this place of the list.
 *
 * @since 0.1.0
 * @category constructors
 */
export const customerId = (seed: number, index: number): string => `cus_${hex(words(seed, index, purposes.customerId))}`

/**
 * The id of a customer that a request creates as the one after `index` others.
 *
 * @since 0.1.0
 * @category constructors
 */
export const createdId = (seed: number, index: number): string => `cus_${hex(words(seed, index, purposes.createdId))}`

const userId = (seed: number, index: number): string => `usr_${hex(words(seed, index, purposes.userId))}`

const maxUsers = 4
const minute = 60_000
const firstCreation = Date.UTC(2015, 0, 5, 8)

const creator = (seed: number, next: NextWord): Pick<CustomerEncoded, "createdByApiKeyId" | "createdByUserId"> => {
  const lot = below(next, 20)
  if (lot < 13) {
    return { createdByApiKeyId: uuid(hex(words(seed, below(next, 5), purposes.apiKeyId))), createdByUserId: null }
  }
  return lot < 18 ? { createdByUserId: userId(seed, below(next, 50)) } : {}
}

const metadata = (next: NextWord): Pick<CustomerEncoded, "metadata"> => {
  const lot = below(next, 10)
  const common = { region: pick(next, regions), tier: pick(next, tiers) }
  if (lot < 4) return {}
  if (lot === 4) return { metadata: {} }
  return { metadata: lot < 8 ? common : { ...common, note: pick(next, notes) } }
}

const timestamps = (next: NextWord, index: number): Pick<CustomerEncoded, "createdAt" | "updatedAt"> => {
  const createdAt = firstCreation + index * 10 * minute + below(next, 10 * minute)
  const updatedAt = createdAt + below(next, 180 * 24 * 60) * minute
  return {
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: below(next, 20) === 0 ? null : new Date(updatedAt).toISOString()
  }
}

/**
 * The customer at a place of the list, with its users. `index` counts from 0.
 *
 * @example
 * ```ts
 * import { Generator } from "@effect-avara/emulator"
 *
 * const first = Generator.generate(1, 0)
 * const same: boolean = first.customer.expressCustomerId === Generator.customerId(1, 0)
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const generate = (seed: number, index: number): Generated => {
  const next = words(seed, index, purposes.customer)
  const users = Math.max(0, below(next, maxUsers + 3) - 2)
  return {
    customer: {
      ...timestamps(next, index),
      expressCustomerId: customerId(seed, index),
      expressCustomerName: `${pick(next, places)} ${pick(next, kinds)} - ${pick(next, departments)} Department`,
      isActive: below(next, 7) !== 0,
      userCount: users,
      ...creator(seed, next),
      ...metadata(next)
    },
    userIds: Array.from({ length: users }, (_, place) => userId(seed, 1000 + index * maxUsers + place))
  }
}
