const words = 4

const hexLength = 8

const prefix = "cus_"

const idLength = prefix.length + words * hexLength

const initialCapacity = 256

const maxLoad = 0.75

const asciiSize = 128

/** The value of each lower-case hex digit by its code, and -1 for every other ASCII character. */
const digits = Int8Array.from({ length: asciiSize }, (_, code) => "0123456789abcdef".indexOf(String.fromCharCode(code)))

/** Writes the id's 128 bits into the words; `false` if it is not `cus_` and 32 lower-case hex digits. */
const parse = (id: string, into: Uint32Array): boolean => {
  if (id.length !== idLength || !id.startsWith(prefix)) return false
  let at = prefix.length
  for (let word = 0; word < words; word++) {
    let bits = 0
    // Negative once a digit was, or a code beyond ASCII.
    let check = 0
    for (const end = at + hexLength; at < end; at++) {
      const code = id.charCodeAt(at)
      const value = digits[code & (asciiSize - 1)] ?? -1
      check |= value | (asciiSize - 1 - code)
      bits = (bits << 4) | value
    }
    if (check < 0) return false
    into[word] = bits
  }
  return true
}

const isZero = (from: Uint32Array, at: number) =>
  from[at] === 0 && from[at + 1] === 0 && from[at + 2] === 0 && from[at + 3] === 0

const stir = (hash: number, word: number) => {
  const mixed = Math.imul(hash ^ word, 0x85ebca6b)
  return mixed ^ (mixed >>> 13)
}

/** Of all words, as ids may be random in any part of them, or count up. */
const hashOf = (from: Uint32Array, at: number) => {
  let hash = 0
  for (let word = at; word < at + words; word++) hash = stir(hash, from[word] ?? 0)
  return hash >>> 0
}

/** An open-addressing table of 128-bit values; the value of all zeros marks a free cell. */
const makeTable = () => {
  let cells = new Uint32Array(initialCapacity * words)
  let size = 0

  /** The cell that holds the value, or the free one where it belongs. */
  const cellOf = (from: Uint32Array, at: number): number => {
    const a = from[at] ?? 0
    const b = from[at + 1] ?? 0
    const c = from[at + 2] ?? 0
    const d = from[at + 3] ?? 0
    let cell = Math.floor((hashOf(from, at) / 2 ** 32) * (cells.length / words)) * words
    for (;;) {
      if (cells[cell] === a && cells[cell + 1] === b && cells[cell + 2] === c && cells[cell + 3] === d) return cell
      if (isZero(cells, cell)) return cell
      cell += words
      if (cell === cells.length) cell = 0
    }
  }

  const insert = (from: Uint32Array, at: number): boolean => {
    const cell = cellOf(from, at)
    if (!isZero(cells, cell)) return false
    cells.set(from.subarray(at, at + words), cell)
    return true
  }

  const grow = () => {
    const old = cells
    cells = new Uint32Array(old.length * 2)
    for (let at = 0; at < old.length; at += words) if (!isZero(old, at)) insert(old, at)
  }

  return {
    has: (value: Uint32Array): boolean => !isZero(cells, cellOf(value, 0)),
    add: (value: Uint32Array): boolean => {
      if (size >= (cells.length / words) * maxLoad) grow()
      const isNew = insert(value, 0)
      if (isNew) size += 1
      return isNew
    }
  }
}

/** A set of ids. @internal */
export interface IdSet {
  readonly has: (id: string) => boolean
  /** Whether the id is new. */
  readonly add: (id: string) => boolean
}

/**
 * Remembers ids in about 30 bytes each where a `Set` takes over 100, as long as they have the documented format: 1,000,000 ids take 120 MB
 * less.
 *
 * @internal
 */
export const makeIdSet = (): IdSet => {
  const others = new Set<string>()
  const documented = makeTable()
  const value = new Uint32Array(words)
  const isDocumented = (id: string) => parse(id, value) && !isZero(value, 0)
  return {
    has: (id) => (isDocumented(id) ? documented.has(value) : others.has(id)),
    add: (id) => {
      if (isDocumented(id)) return documented.add(value)
      const { size } = others
      return others.add(id).size > size
    }
  }
}
