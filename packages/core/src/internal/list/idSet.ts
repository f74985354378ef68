const words = 4

const hexLength = 8

const prefix = "cus_"

const idLength = prefix.length + words * hexLength

/** The number of tables, a power of two. */
const tables = 16

const initialCapacity = 16

const maxLoad = 0.75

const asciiSize = 128

/** The value of each lower-case hex digit by its code, and -1 for every other ASCII character. */
const digits = Int8Array.from({ length: asciiSize }, (_, code) => "0123456789abcdef".indexOf(String.fromCharCode(code)))

/** Writes the id's 128 bits into the words. Returns `false` if the id is not `cus_` with 32 lower-case hex digits. */
const parse = (id: string, into: Uint32Array): boolean => {
  if (id.length !== idLength || !id.startsWith(prefix)) return false
  let at = prefix.length
  for (let word = 0; word < words; word++) {
    let bits = 0
    // Negative after any invalid digit or non-ASCII character.
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

/** Hashes all words, because ids may be random in any part of them or count up. */
const hashOf = (from: Uint32Array, at: number) => {
  let hash = 0
  for (let word = at; word < at + words; word++) hash = stir(hash, from[word] ?? 0)
  return hash >>> 0
}

/** Creates an open-addressing table of 128-bit values. A value of zero marks a free cell. */
const makeTable = (initialCapacity: number) => {
  let capacity = initialCapacity
  let cells = new Uint32Array(capacity * words)
  let size = 0

  /** Returns the cell with the value, or the free cell where it belongs. */
  const cellOf = (from: Uint32Array, at: number, hash: number): number => {
    const a = from[at] ?? 0
    const b = from[at + 1] ?? 0
    const c = from[at + 2] ?? 0
    const d = from[at + 3] ?? 0
    const end = capacity * words
    let cell = Math.floor((hash / 2 ** 32) * capacity) * words
    for (;;) {
      if (cells[cell] === a && cells[cell + 1] === b && cells[cell + 2] === c && cells[cell + 3] === d) return cell
      if (isZero(cells, cell)) return cell
      cell += words
      if (cell === end) cell = 0
    }
  }

  const insert = (from: Uint32Array, at: number, hash: number): boolean => {
    const cell = cellOf(from, at, hash)
    if (!isZero(cells, cell)) return false
    cells[cell] = from[at] ?? 0
    cells[cell + 1] = from[at + 1] ?? 0
    cells[cell + 2] = from[at + 2] ?? 0
    cells[cell + 3] = from[at + 3] ?? 0
    return true
  }

  const grow = () => {
    const old = cells
    capacity *= 2
    cells = new Uint32Array(capacity * words)
    for (let at = 0; at < old.length; at += words) if (!isZero(old, at)) insert(old, at, hashOf(old, at))
  }

  return {
    has: (value: Uint32Array, hash: number): boolean => !isZero(cells, cellOf(value, 0, hash)),
    add: (value: Uint32Array, hash: number): boolean => {
      if (size >= capacity * maxLoad) grow()
      const added = insert(value, 0, hash)
      if (added) size += 1
      return added
    }
  }
}

/** Creates tables of different sizes, so that they do not all grow at the same time: old and new cells need memory until the next collection. */
const makeTables = () => {
  const all = Array.from({ length: tables }, (_, index) => makeTable(initialCapacity + index))
  return {
    has: (value: Uint32Array): boolean => {
      const hash = hashOf(value, 0)
      return all[hash & (tables - 1)]?.has(value, hash) ?? false
    },
    add: (value: Uint32Array): boolean => {
      const hash = hashOf(value, 0)
      return all[hash & (tables - 1)]?.add(value, hash) ?? false
    }
  }
}

/** A set of ids. */
interface IdSet {
  readonly has: (id: string) => boolean
  /** Adds the id, and returns whether it is new. */
  readonly add: (id: string) => boolean
}

/** Creates a set of ids. It takes about 30 bytes per id in the documented format, and a `Set` takes over 100. @internal */
export const makeIdSet = (initial: Iterable<string> = []): IdSet => {
  const others = new Set<string>()
  const documented = makeTables()
  const value = new Uint32Array(words)
  const addOther = (id: string): boolean => {
    if (others.has(id)) return false
    others.add(id)
    return true
  }
  const isDocumented = (id: string) => parse(id, value) && !isZero(value, 0)
  const add = (id: string) => (isDocumented(id) ? documented.add(value) : addOther(id))
  for (const id of initial) add(id)
  return { has: (id) => (isDocumented(id) ? documented.has(value) : others.has(id)), add }
}
