import { resolve } from "node:path"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { InputRefused, type StorageFailed } from "../ExportError.js"
import { binaryKind, type Decode, decodeAs, type Encoding, looksLikeUtf16, markedEncoding } from "./encoding.js"
import { digestSoFar, newHash, storageFailed } from "./storage.js"

const streams = /^\/(?:dev\/(?:stdin|fd\/\d+)|proc\/[^/]+\/fd\/\d+)$/

const kinds: Readonly<Record<string, string>> = {
  Directory: "it is a directory; give the name of a file",
  FIFO: "it is a pipe",
  Socket: "it is a socket",
  CharacterDevice: "it is a device",
  BlockDevice: "it is a device"
}

const saveFirst =
  "the rows are read twice, and the journal is written next to them; save them to a file first and give its name"

/** Refuses a file that cannot be read twice. @internal */
export const checkKind = (file: string): Effect.Effect<void, InputRefused | StorageFailed, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const refuse = (detail: string) => new InputRefused({ file, detail })
    if (file === "-" || streams.test(resolve(file)))
      return yield* refuse(`it is standard input or a pipe; ${saveFirst}`)
    const fs = yield* FileSystem.FileSystem
    const { type } = yield* Effect.mapError(fs.stat(file), storageFailed(file))
    const kind = kinds[type]
    if (kind !== undefined) return yield* refuse(type === "Directory" ? kind : `${kind}; ${saveFirst}`)
  })

/** The checksum of a file up to the end of each block. @internal */
export type Sums = ReadonlyArray<string>

/** Computes the checksums of a file's blocks, and finds the first block that changed. @internal */
export interface Watch {
  readonly see: (block: Uint8Array) => Effect.Effect<void, InputRefused>
  readonly end: Effect.Effect<void, InputRefused>
  readonly sums: () => Sums
  readonly sha256: () => string
}

/** Watches a file while it is read for the first time, or again. @internal */
export const watch = (file: string, known?: Sums): Watch => {
  const hash = newHash()
  const sums: Array<string> = []
  const changed = Effect.fail(
    new InputRefused({
      file,
      detail: "it changed while it was read, and nothing that changed was sent; restore it and resume"
    })
  )
  return {
    see: (block) =>
      Effect.suspend(() => {
        hash.update(block)
        sums.push(digestSoFar(hash))
        return known === undefined || sums.at(-1) === known[sums.length - 1] ? Effect.void : changed
      }),
    end: Effect.suspend(() => (known === undefined || sums.length === known.length ? Effect.void : changed)),
    sums: () => sums,
    sha256: () => digestSoFar(hash)
  }
}

const names: Readonly<Record<Encoding, string>> = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16",
  latin1: "Latin-1 (ISO-8859-1)",
  "windows-1252": "Windows-1252"
}

const badByte = (encoding: Encoding): string => {
  const others = encoding === "utf-8" ? "windows-1252, latin1 or utf-16le" : "utf-8, utf-16le, latin1 or windows-1252"
  return `this byte is not allowed in ${names[encoding]}; save the file as UTF-8, or name its encoding (--encoding ${others})`
}

/** Finds the encoding of a file from its first block, or says why it has none. */
const encodingOf = (file: string, first: Uint8Array, asked: Encoding | undefined) => {
  const refuse = (detail: string) => Effect.fail(new InputRefused({ file, detail }))
  const marked = markedEncoding(first)
  if (marked !== undefined && asked !== undefined && marked !== asked) {
    return refuse(`it starts with the byte order mark of ${marked}, so it is not ${asked}; do not set the encoding`)
  }
  const kind = binaryKind(first)
  if (kind !== undefined) return refuse(`it looks like a binary file, ${kind}; save it as CSV in UTF-8`)
  const encoding = marked ?? asked ?? "utf-8"
  const wide = encoding.startsWith("utf-16") ? undefined : looksLikeUtf16(first)
  return wide === undefined
    ? Effect.succeed(encoding)
    : refuse(`it looks like UTF-16 without a byte order mark; name its encoding (--encoding ${wide})`)
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

/** Decodes blocks, and reports where the text ends and something else starts. */
const makeReader = (file: string, asked: Encoding | undefined) => {
  let encoding: Encoding = "utf-8"
  let decode: Decode | undefined
  let isFirst = true
  const ends = { lf: 0, cr: 0 }
  const pass = (text: string): number => {
    ends.lf += count(text, /\n/g)
    ends.cr += count(text, /\r/g)
    return Math.max(ends.lf, ends.cr) + 1
  }
  const check = (text: string, badAt: number | undefined) => {
    const zero = text.indexOf("\0")
    const line = pass(zero === -1 ? text : text.slice(0, zero))
    if (zero !== -1) {
      const detail = "it contains a NUL byte, so it looks like a binary file; save it as CSV in UTF-8"
      return Effect.fail(new InputRefused({ file, line, detail }))
    }
    if (badAt !== undefined)
      return Effect.fail(new InputRefused({ file, line, offset: badAt, detail: badByte(encoding) }))
    const isMarked = isFirst && text.startsWith("\uFEFF")
    isFirst = isFirst && text === ""
    return Effect.succeed(isMarked ? text.slice(1) : text)
  }
  const take = (bytes: Uint8Array, isLast: boolean) =>
    Effect.gen(function* () {
      if (decode === undefined) {
        encoding = yield* encodingOf(file, bytes, asked)
        decode = decodeAs(encoding)
      }
      const { badAt, text } = decode(bytes, isLast)
      return yield* check(text, badAt)
    })
  return { block: (bytes: Uint8Array) => take(bytes, false), end: Effect.suspend(() => take(new Uint8Array(0), true)) }
}

const blockSize = 64 * 1024

/** Reads the text of a file without its byte order mark, and refuses bytes that are not text. @internal */
export const readText = (
  file: string,
  encoding: Encoding | undefined,
  { end, see }: Watch
): Stream.Stream<string, InputRefused | StorageFailed, FileSystem.FileSystem> =>
  Stream.unwrap(
    Effect.map(FileSystem.FileSystem, (fs) => {
      const reader = makeReader(file, encoding)
      return Stream.mapError(fs.stream(file, { chunkSize: blockSize }), storageFailed(file)).pipe(
        Stream.tap(see),
        Stream.mapEffect(reader.block),
        Stream.concat(Stream.fromEffect(Effect.zipRight(end, reader.end)))
      )
    })
  )
