const words = 4

const hexLength = 8

const prefix = "cus_"

const idLength = prefix.length + words * hexLength

const initialCapacity = 1024

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

const isZero = (value: Uint32Array) => value[0] === 0 && value[1] === 0 && value[2] === 0 && value[3] === 0

const stir = (hash: number, word: number) => {
  const mixed = Math.imul(hash ^ word, 0x85ebca6b)
  return mixed ^ (mixed >>> 13)
}

/** Of all words, as ids may be random in any part of them, or count up. */
const hashOf = (a: number, b: number, c: number, d: number) => stir(stir(stir(stir(0, a), b), c), d)

/** An open-addressing table of 128-bit values; the value of all zeros marks a free cell. */
const makeTable = () => {
  let capacity = initialCapacity
  let cells = new Uint32Array(capacity * words)
  let size = 0

  const insert = (from: Uint32Array, at: number): boolean => {
    const a = from[at] ?? 0
    const b = from[at + 1] ?? 0
    const c = from[at + 2] ?? 0
    const d = from[at + 3] ?? 0
    let slot = hashOf(a, b, c, d) & (capacity - 1)
    for (;;) {
      const cell = slot * words
      if (cells[cell] === a && cells[cell + 1] === b && cells[cell + 2] === c && cells[cell + 3] === d) return false
      if (cells[cell] === 0 && cells[cell + 1] === 0 && cells[cell + 2] === 0 && cells[cell + 3] === 0) {
        cells[cell] = a
        cells[cell + 1] = b
        cells[cell + 2] = c
        cells[cell + 3] = d
        return true
      }
      slot = (slot + 1) & (capacity - 1)
    }
  }

  const grow = () => {
    const old = cells
    capacity *= 2
    cells = new Uint32Array(capacity * words)
    for (let at = 0; at < old.length; at += words) {
      if (old[at] !== 0 || old[at + 1] !== 0 || old[at + 2] !== 0 || old[at + 3] !== 0) insert(old, at)
    }
  }

  return (value: Uint32Array): boolean => {
    if (size * 2 >= capacity) grow()
    const added = insert(value, 0)
    if (added) size += 1
    return added
  }
}

/** Remembers ids in about 32 bytes each where a `Set` takes over 100, as long as they have the documented format. @internal */
export const makeIdSet = (): { readonly add: (id: string) => boolean } => {
  const others = new Set<string>()
  const insert = makeTable()
  const value = new Uint32Array(words)
  const addOther = (id: string): boolean => {
    if (others.has(id)) return false
    others.add(id)
    return true
  }
  return {
    add: (id) => (parse(id, value) && !isZero(value) ? insert(value) : addOther(id))
  }
}
