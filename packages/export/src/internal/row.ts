/** A row as the server sent it: what the client checked, and anything else. @internal */
export interface SentRow {
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

/** The columns of every table, without metadata and what is not known. @internal */
export const plainColumns = [
  "expressCustomerId",
  "expressCustomerName",
  "isActive",
  "userCount",
  "createdAt",
  "updatedAt",
  "createdByApiKeyId",
  "createdByUserId"
] as const

const known: ReadonlySet<string> = new Set([...plainColumns, "metadata"])

/** The rows were written by this library, or are refused before by their sum. @internal */
export const parseRow = (line: string): SentRow => JSON.parse(line)

/** The text of a JSON object of pairs, a key such as `__proto__` included. @internal */
export const jsonOf = (pairs: ReadonlyArray<readonly [string, unknown]>): string =>
  JSON.stringify(Object.fromEntries(pairs))

/** The fields that no schema names, none if there are none. @internal */
export const extraOf = (row: SentRow): ReadonlyArray<readonly [string, unknown]> =>
  Object.entries(row).filter(([key]) => !known.has(key))

const charactersAtATime = 1024 * 1024

/** What is made of each row, about a million characters at a time: a page may be too large to be in memory once more. @internal */
export const inPieces = function* <A, B>(
  rows: Iterable<A>,
  convert: (row: A) => B,
  lengthOf: (converted: B) => number
): Generator<ReadonlyArray<B>> {
  let piece: Array<B> = []
  let length = 0
  for (const row of rows) {
    const converted = convert(row)
    piece.push(converted)
    length += lengthOf(converted)
    if (length < charactersAtATime) continue
    yield piece
    piece = []
    length = 0
  }
  if (piece.length > 0) yield piece
}
