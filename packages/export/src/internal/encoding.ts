/** The encodings that a file of rows can have. @internal */
export const encodings = ["utf-8", "utf-16le", "utf-16be", "latin1", "windows-1252"] as const

/** @internal */
export type Encoding = (typeof encodings)[number]

/** The text up to the first byte that the encoding does not allow. @internal */
export interface Decoded {
  readonly text: string
  /** The offset of that byte in the file. */
  readonly badAt?: number
}

/** Decodes the blocks of a file in order; the last one may be empty. @internal */
export type Decode = (bytes: Uint8Array, isLast: boolean) => Decoded

const makeStrict = (encoding: "utf-8" | "utf-16le" | "utf-16be") =>
  new TextDecoder(encoding, { fatal: true, ignoreBOM: true })

const sizeIn = (encoding: Encoding, text: string): number =>
  encoding === "utf-8" ? Buffer.byteLength(text) : text.length * 2

/** Decodes one byte at a time, because the decoder does not say which byte is wrong. */
const goodStart = (encoding: "utf-8" | "utf-16le" | "utf-16be", bytes: Uint8Array): string => {
  const decoder = makeStrict(encoding)
  let text = ""
  try {
    for (const byte of bytes) text += decoder.decode(Uint8Array.of(byte), { stream: true })
  } catch {
    return text
  }
  return text
}

const unicode = (encoding: "utf-8" | "utf-16le" | "utf-16be"): Decode => {
  const decoder = makeStrict(encoding)
  let done = 0
  let pending = Buffer.alloc(0)
  return (bytes, isLast) => {
    const waiting = Buffer.concat([pending, bytes])
    try {
      const text = decoder.decode(bytes, { stream: !isLast })
      const size = sizeIn(encoding, text)
      done += size
      pending = waiting.subarray(size)
      return { text }
    } catch {
      const text = goodStart(encoding, waiting)
      return { text, badAt: done + sizeIn(encoding, text) }
    }
  }
}

/** The characters of the bytes 0x80 to 0x9f. Bytes that are not assigned stay control characters. */
const windows = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"

const controls = /[\u0080-\u009f]/

const singleByte = (encoding: "latin1" | "windows-1252"): Decode => {
  let done = 0
  return (bytes) => {
    const latin = Buffer.from(bytes).toString("latin1")
    const text =
      encoding === "latin1"
        ? latin
        : latin.replace(new RegExp(controls, "g"), (control) => windows.charAt(control.charCodeAt(0) - 0x80))
    const bad = text.search(controls)
    const start = done
    done += bytes.length
    return bad === -1 ? { text } : { text: text.slice(0, bad), badAt: start + bad }
  }
}

/** Creates the decoder for one file. @internal */
export const decodeAs = (encoding: Encoding): Decode =>
  encoding === "latin1" || encoding === "windows-1252" ? singleByte(encoding) : unicode(encoding)

const marks: ReadonlyArray<readonly [Encoding, ReadonlyArray<number>]> = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]]
]

/** Returns the encoding that a byte order mark at the start of a file names. @internal */
export const markedEncoding = (bytes: Uint8Array): Encoding | undefined =>
  marks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0]

const signatures: ReadonlyArray<readonly [name: string, start: string]> = [
  ["a ZIP archive or a workbook (XLSX, ODS)", "PK\u0003\u0004"],
  ["a workbook (XLS)", "\u00d0\u00cf\u0011\u00e0"],
  ["a Parquet file", "PAR1"],
  ["a SQLite database", "SQLite format 3\0"],
  ["a gzip archive", "\u001f\u008b"],
  ["a PDF document", "%PDF-"]
]

/** Returns the kind of a binary file by its first bytes, if it is known. @internal */
export const binaryKind = (bytes: Uint8Array): string | undefined => {
  const start = Buffer.from(bytes.subarray(0, 16)).toString("latin1")
  return signatures.find(([, signature]) => start.startsWith(signature))?.[0]
}

/** Recognizes UTF-16 without a byte order mark by its Latin letters: every second byte is zero. @internal */
export const looksLikeUtf16 = (bytes: Uint8Array): Encoding | undefined => {
  const zeros = Array.from(bytes.subarray(0, 8), (byte) => byte === 0)
  if (zeros.length < 4) return undefined
  if (zeros.every((isZero, index) => isZero === (index % 2 === 1))) return "utf-16le"
  return zeros.every((isZero, index) => isZero === (index % 2 === 0)) ? "utf-16be" : undefined
}
