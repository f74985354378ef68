import * as Zlib from "node:zlib"
import { type codings, codingsOf } from "@effect-avara/core/internal/transport"

type Decompress = (
  body: Uint8Array,
  options: Zlib.ZlibOptions,
  callback: (error: Error | null, result: Buffer) => void
) => void

/** Some servers omit the zlib header, which this detects. */
const inflate: Decompress = (body, options, callback) =>
  ((body[0] ?? 0) & 0x0f) === 0x08 ? Zlib.inflate(body, options, callback) : Zlib.inflateRaw(body, options, callback)

const decompressors: Readonly<Record<(typeof codings)[number], Decompress>> = {
  gzip: Zlib.gunzip,
  "x-gzip": Zlib.gunzip,
  deflate: inflate,
  br: Zlib.brotliDecompress
}

/** The encodings that bodies may have. @internal */
export const acceptEncoding = "gzip, deflate, br"

/** Returns the decompressors from the outermost to the innermost, or none if one is missing: the client then sees the body unchanged. */
const decompressorsOf = (contentEncoding: string): ReadonlyArray<Decompress> =>
  (codingsOf(contentEncoding) ?? []).map((coding) => decompressors[coding]).reverse()

/** Data that does not compress grows slightly. */
const mostOf = (maxSize: number, layersLeft: number): number =>
  layersLeft === 0 ? maxSize : Math.ceil(maxSize * 1.01) + 1024

type Done = (error: Error | null, body: Uint8Array) => void

const unpackBy = (body: Uint8Array, [first, ...rest]: ReadonlyArray<Decompress>, maxSize: number, done: Done): void => {
  if (first === undefined) done(null, body)
  else
    first(body, { maxOutputLength: mostOf(maxSize, rest.length) }, (error, result) =>
      error === null ? unpackBy(result, rest, maxSize, done) : done(error, body)
    )
}

/** Decompresses a body as its `content-encoding` says, to at most `maxSize` bytes. An empty body stays unchanged. @internal */
export const unpack = (body: Uint8Array, contentEncoding: string | undefined, maxSize: number, done: Done): void =>
  contentEncoding === undefined || body.byteLength === 0
    ? done(null, body)
    : unpackBy(body, decompressorsOf(contentEncoding), maxSize, done)
