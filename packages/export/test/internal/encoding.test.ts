import { describe, expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { decodeAs, type Encoding } from "../../src/internal/encoding.js"

/** Decodes bytes that arrive in pieces of these sizes. */
const decodePieces = (encoding: Encoding, bytes: Uint8Array, sizes: ReadonlyArray<number>) => {
  const decode = decodeAs(encoding)
  let text = ""
  let start = 0
  for (const size of [...sizes, bytes.length]) {
    const found = decode(bytes.subarray(start, start + size), false)
    text += found.text
    if (found.badAt !== undefined) return { text, badAt: found.badAt }
    start = Math.min(bytes.length, start + size)
  }
  const last = decode(new Uint8Array(0), true)
  return { ...last, text: text + last.text }
}

const sizes = FastCheck.array(FastCheck.integer({ min: 0, max: 5 }), { maxLength: 20 })

const text = FastCheck.string({ unit: "binary", maxLength: 20 })

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    utf8.decode(bytes)
    return true
  } catch {
    return false
  }
}

/** Returns the longest start of the bytes that is UTF-8. */
const goodLength = (bytes: Uint8Array): number => {
  let length = bytes.length
  while (!isUtf8(bytes.subarray(0, length))) length -= 1
  return length
}

const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16()

describe("decodeAs", () => {
  it.prop("decodes text that arrives in pieces", [text, sizes], ([text, sizes]) => {
    const wide = Buffer.from(text, "utf16le")
    expect(decodePieces("utf-8", Buffer.from(text), sizes)).toEqual({ text })
    expect(decodePieces("utf-16le", wide, sizes)).toEqual({ text })
    expect(decodePieces("utf-16be", swapped(wide), sizes)).toEqual({ text })
  })

  const bytes = FastCheck.tuple(text, FastCheck.uint8Array({ maxLength: 4 }), text).map(([before, wrong, after]) =>
    Buffer.concat([Buffer.from(before), wrong, Buffer.from(after)])
  )

  it.prop("finds the first byte that is not UTF-8, independent of the pieces", [bytes, sizes], ([bytes, sizes]) => {
    const good = goodLength(bytes)
    expect(decodePieces("utf-8", bytes, sizes)).toEqual({
      text: utf8.decode(bytes.subarray(0, good)),
      ...(good === bytes.length ? {} : { badAt: good })
    })
  })

  it.prop("finds half of a character in UTF-16", [text, text, sizes], ([before, after, sizes]) => {
    const start = Buffer.from(before, "utf16le")
    const bytes = Buffer.concat([start, Buffer.from([0x3d, 0xd8, 0x41, 0x00]), Buffer.from(after, "utf16le")])
    expect(decodePieces("utf-16le", bytes, sizes)).toEqual({ text: before, badAt: start.length })
    const odd = Buffer.concat([start, Buffer.from([0x41])])
    expect(decodePieces("utf-16le", odd, sizes)).toEqual({ text: before, badAt: start.length })
  })

  it("reads Windows-1252, and refuses bytes that are not assigned", () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const isGood = (encoding: Encoding) => (byte: number) =>
      decodeAs(encoding)(Uint8Array.of(byte), false).badAt === undefined
    expect(Array.from(all).filter((byte) => !isGood("windows-1252")(byte))).toEqual([0x81, 0x8d, 0x8f, 0x90, 0x9d])
    expect(Array.from(all).filter((byte) => !isGood("latin1")(byte))).toEqual(Array.from(all.subarray(0x80, 0xa0)))
    const euro = Uint8Array.of(0x80, 0x84, 0x99, 0xe4)
    expect(decodePieces("windows-1252", euro, [1])).toEqual({ text: "€„™ä" })
    expect(decodePieces("latin1", Uint8Array.of(0x41, 0xe4, 0x93), [2])).toEqual({ text: "Aä", badAt: 2 })
  })
})
