/** The hidden directory next to a file, which contains everything that belongs to the export until the file is finished. */
import * as fs from "node:fs"
import { basename, dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { StorageFailed } from "../ExportError.js"
import { attempt, codeOf, ignore, kindOf, look, occupied, openPlain } from "./files.js"

/** @internal */
export interface Paths {
  readonly file: string
  readonly folder: string
  readonly marker: string
  readonly lock: string
  readonly rows: string
  readonly skipped: string
  /** The finished file before it is renamed, unless `rows` is that file. */
  readonly converted: string
  readonly checkpoint: string
  readonly newCheckpoint: string
  readonly newManifest: string
}

/** @internal */
export const pathsOf = (file: string): Paths => {
  const folder = join(dirname(file), `.${basename(file)}.avara`)
  return {
    file,
    folder,
    marker: join(folder, "marker.json"),
    lock: join(folder, "lock"),
    rows: join(folder, "rows"),
    skipped: join(folder, "skipped"),
    converted: join(folder, "converted"),
    checkpoint: join(folder, "checkpoint.json"),
    newCheckpoint: join(folder, "checkpoint.json.new"),
    newManifest: join(folder, "manifest.json")
  }
}

const Marker = Schema.Struct({ format: Schema.Literal("avara-export-staging"), version: Schema.Literal(1) })

const markerText = `${JSON.stringify({ format: "avara-export-staging", version: 1 } satisfies typeof Marker.Type)}\n`

const decodeMarker = Schema.decodeUnknownOption(Schema.parseJson(Marker))

const isMarker = (text: string): boolean => Option.isSome(decodeMarker(text))

const read = (path: string): string => {
  const fd = openPlain(path, fs.constants.O_RDONLY)
  try {
    return fs.readFileSync(fd, "utf8")
  } finally {
    fs.closeSync(fd)
  }
}

/** The owner of the parent directory, and users who can rename in it, do not count: they could replace the file itself. */
const isOfOthers = (found: fs.BigIntStats, around: fs.BigIntStats): boolean => {
  const uid = process.getuid?.()
  if (uid === undefined) return false
  const isOwn = found.uid === BigInt(uid) || found.uid === around.uid
  const isOpen = (found.mode & 0o022n) !== 0n
  const isOpenAround = (around.mode & 0o022n) !== 0n && (around.mode & 0o1000n) === 0n
  return !isOwn || (isOpen && !isOpenAround)
}

/** A run that was killed before it had written its marker leaves only a lock and the start of the marker. */
const isMarked = ({ folder, marker }: Paths): boolean => {
  const names = fs.readdirSync(folder)
  const others = names.filter((name) => name !== basename(marker) && !/^lock(\.\d+)?$/.test(name))
  const text = names.includes(basename(marker)) ? read(marker) : ""
  return isMarker(text) || (markerText.startsWith(text) && others.length === 0)
}

const assertOwn = (paths: Paths): void => {
  const { file, folder } = paths
  const found = look(folder)
  if (found === undefined) return
  const needed = "this export needs the name for its unfinished files"
  if (!found.isDirectory()) throw occupied(folder, `it is ${kindOf(found)}, but ${needed}`)
  if (isOfOthers(found, fs.statSync(dirname(file), { bigint: true })))
    throw occupied(folder, `it belongs to another user or others can write to it, but ${needed}`)
  if (!isMarked(paths)) throw occupied(folder, `it is a directory that this library did not create, but ${needed}`)
}

/** Creates the directory. A directory that exists must be this library's, private, and owned by this user. @internal */
export const enter = (paths: Paths): Effect.Effect<void, StorageFailed> =>
  attempt(paths.file, () => {
    try {
      fs.mkdirSync(paths.folder, { mode: 0o700 })
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error
      assertOwn(paths)
    }
  })

/** Marks the directory durably as this library's. The lock must be held. @internal */
export const mark = ({ marker }: Paths): Effect.Effect<void, StorageFailed> =>
  attempt(marker, () => {
    if (look(marker) !== undefined && isMarker(read(marker))) return
    const fd = openPlain(marker, fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_TRUNC)
    try {
      fs.writeSync(fd, markerText)
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
  })

/** Removes all files of an export from the directory, except the lock. @internal */
export const clear = (paths: Paths): Effect.Effect<void> =>
  Effect.sync(() => {
    const { checkpoint, converted, marker, newCheckpoint, newManifest, rows, skipped } = paths
    for (const path of [checkpoint, newCheckpoint, newManifest, converted, rows, skipped, marker])
      ignore(() => fs.unlinkSync(path))
  })

/** Removes the directory if it is empty. @internal */
export const leave = ({ folder }: Paths): Effect.Effect<void> => Effect.sync(() => ignore(() => fs.rmdirSync(folder)))
