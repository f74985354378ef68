/**
 * Generates customers from a seed: the same seed and index produce the same customer on every machine.
 *
 * @since 0.1.0
 */
import type { CustomerEncoded } from "@effect-avara/core/Customer"

/**
 * A generated customer with its assigned users.
 *
 * @since 0.1.0
 * @category models
 */
export interface Generated {
  readonly customer: CustomerEncoded
  /** The ids of the users; their number is `customer.userCount`. */
  readonly userIds: ReadonlyArray<string>
}

type NextWord = () => number

const warmUp = 15

const warm = (next: NextWord): NextWord => {
  for (let round = 0; round < warmUp; round++) next()
  return next
}

// sfc32: its state is as wide as an id, so that ids of different indexes do not collide, unlike with a 32-bit state.
const words = (seed: number, index: number, purpose: number): NextWord => {
  let a = seed | 0
  let b = Math.floor(seed / 2 ** 32) | 0
  let c = index | 0
  let counter = purpose
  return warm(() => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  })
}

const purposes = { customer: 1, customerId: 2, apiKeyId: 3, userId: 4, createdId: 5 }

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"))

const hexByte = (word: number, shift: number): string => bytes[(word >>> shift) & 255] ?? ""

const hexWord = (word: number): string => hexByte(word, 24) + hexByte(word, 16) + hexByte(word, 8) + hexByte(word, 0)

const hex = (next: NextWord): string => hexWord(next()) + hexWord(next()) + hexWord(next()) + hexWord(next())

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
 * Returns the id of the generated customer at a position of the list.
 *
 * @since 0.1.0
 * @category constructors
 */
export const customerId = (seed: number, index: number): string =>
  index === 0 ? documented.expressCustomerId : `cus_${hex(words(seed, index, purposes.customerId))}`

/**
 * Returns the id of a customer that a request creates after `index` other customers.
 *
 * @since 0.1.0
 * @category constructors
 */
export const createdId = (seed: number, index: number): string => `cus_${hex(words(seed, index, purposes.createdId))}`

const userId = (seed: number, index: number): string => `usr_${hex(words(seed, index, purposes.userId))}`

/**
 * Returns the ids of `count` users, none of whom is assigned to another generated customer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const userIds = (seed: number, count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, place) => userId(seed, -1 - place))

const maxUsers = 4
const minute = 60_000

/** The customer of the API's documentation, which every seed generates first. */
const documented: CustomerEncoded = {
  createdAt: "2024-01-15T09:00:00.000Z",
  expressCustomerId: "cus_1234567890abcdef1234567890abcdef",
  expressCustomerName: "City Medical Center - Radiology Department",
  isActive: true,
  updatedAt: "2024-03-15T14:20:00.000Z",
  userCount: 15,
  createdByApiKeyId: "550e8400-e29b-41d4-a716-446655440000",
  createdByUserId: "usr_1234567890abcdef1234567890abcdef",
  metadata: { department: "radiology", region: "northeast" }
}

const firstCreation = Date.parse(documented.createdAt ?? "")

type Creator = Pick<CustomerEncoded, "createdByApiKeyId" | "createdByUserId">

const creator = (seed: number, next: NextWord): Creator => {
  const lot = below(next, 20)
  if (lot < 13) {
    return { createdByApiKeyId: uuid(hex(words(seed, below(next, 5), purposes.apiKeyId))), createdByUserId: null }
  }
  return lot < 18 ? { createdByUserId: userId(seed, below(next, 50)) } : {}
}

const metadata = (next: NextWord): CustomerEncoded["metadata"] => {
  const lot = below(next, 10)
  const common = { region: pick(next, regions), tier: pick(next, tiers) }
  if (lot < 4) return undefined
  if (lot === 4) return {}
  return lot < 8 ? common : { region: common.region, tier: common.tier, note: pick(next, notes) }
}

/**
 * Generates the customer at a position of the list, with its users. `index` starts at 0, where every seed has the customer of the API's
 * documentation.
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
  if (index === 0) return { customer: documented, userIds: userIds(seed, documented.userCount) }
  const next = words(seed, index, purposes.customer)
  const users = Math.max(0, below(next, maxUsers + 3) - 2)
  const createdAt = firstCreation + index * minute + below(next, minute)
  const updatedAt = createdAt + below(next, 180 * 24 * 60) * minute
  const common = {
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: below(next, 20) === 0 ? null : new Date(updatedAt).toISOString(),
    expressCustomerId: customerId(seed, index),
    expressCustomerName: `${pick(next, places)} ${pick(next, kinds)} - ${pick(next, departments)} Department`,
    isActive: below(next, 7) !== 0,
    userCount: users
  }
  const customer = Object.assign(common, creator(seed, next))
  const pairs = metadata(next)
  return {
    customer: pairs === undefined ? customer : Object.assign(customer, { metadata: pairs }),
    userIds: Array.from({ length: users }, (_, place) => userId(seed, 1000 + index * maxUsers + place))
  }
}
