const mask = 0x1fffff

/** Combines two 32-bit hashes of the text into one 53-bit number. */
const hashOf = (text: string): number => {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    high = Math.imul(high ^ code, 0x9e3779b1)
    low = Math.imul(low ^ code, 0x5f356495)
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35)
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35)
  return (low & mask) * 2 ** 32 + (high >>> 0)
}

/** A set of texts. */
interface TextSet {
  /** Adds the text, and returns whether it is new. */
  readonly add: (text: string) => boolean
}

/**
 * Creates a set that stores only a hash of each text. Among 10,000 different texts, the odds of a collision are 1 to 180 million.
 *
 * @internal
 */
export const makeTextSet = (): TextSet => {
  const hashes = new Set<number>()
  return {
    add: (text) => {
      const size = hashes.size
      return hashes.add(hashOf(text)).size > size
    }
  }
}
