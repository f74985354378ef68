/** Full and read-only disks: a separate file system if this user may mount one. */
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { createInterface } from "node:readline"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { directory } from "./support.js"

/** The prefix of a command line that runs on the disk in its present state. */
export type Prefix = ReadonlyArray<string>

export interface Disk {
  /** The path of the disk for a command with a prefix. */
  readonly folder: string
  /** The path of the disk for this process. */
  readonly view: string
  /** The prefix of a command that has enough room. */
  readonly prefix: Prefix
  /** Leaves room for about `bytes` more bytes. */
  readonly withRoom: <A, E, R>(bytes: number, use: (prefix: Prefix) => Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Makes the disk read-only. */
  readonly readOnly: <A, E, R>(use: (prefix: Prefix) => Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

const mounting = `mount -t tmpfs -o size=16m tmpfs "$1" && echo mounted &&
while read -r options; do mount -o "remount,bind,$options" "$1" && echo "$options"; done`

const asUser = { unshare: ["--map-root-user", "--mount"], enter: ["--user", "--mount", "--preserve-credentials"] }

const asRoot = { unshare: ["--mount"], enter: ["--mount"] }

interface Mounted {
  readonly folder: string
  readonly view: string
  readonly prefix: Prefix
  readonly remount: (options: string) => Effect.Effect<void>
}

/** A file system in its own namespace, which disappears with the process that holds it. */
const mountWith = ({ enter, unshare }: typeof asUser): Effect.Effect<Mounted, "refused", Scope.Scope> =>
  Effect.gen(function* () {
    const at = yield* directory
    const holder = yield* Effect.acquireRelease(
      Effect.sync(() => spawn("unshare", [...unshare, "sh", "-c", mounting, "sh", at])),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    )
    const lines = createInterface(holder.stdout)
    const answered = Effect.async<void, "refused">((resume) => {
      lines.once("line", () => resume(Effect.void))
      holder.once("error", () => resume(Effect.fail("refused")))
      holder.once("close", () => resume(Effect.fail("refused")))
    })
    yield* answered
    const remount = (options: string) =>
      Effect.suspend(() => {
        holder.stdin.write(`${options}\n`)
        return Effect.orDie(answered)
      })
    const view = path.join(`/proc/${holder.pid}/root`, at)
    return { folder: at, view, prefix: ["nsenter", "--target", String(holder.pid), ...enter], remount }
  })

/** Writes until the disk is full, then frees `room` bytes. */
const fill = (file: string, room: number): void => {
  const block = Buffer.alloc(64 * 1024)
  const descriptor = fs.openSync(file, "w")
  let size = 0
  try {
    for (;;) size += fs.writeSync(descriptor, block)
  } catch {
    fs.ftruncateSync(descriptor, Math.max(0, size - room))
  } finally {
    fs.closeSync(descriptor)
  }
}

const mountedDisk = ({ folder, prefix, remount, view }: Mounted): Disk => {
  const ballast = path.join(view, ".ballast")
  return {
    folder,
    view,
    prefix,
    withRoom: (bytes, use) =>
      Effect.acquireUseRelease(
        Effect.sync(() => fill(ballast, bytes)),
        () => use(prefix),
        () => Effect.sync(() => fs.rmSync(ballast))
      ),
    readOnly: (use) =>
      Effect.acquireUseRelease(
        remount("ro"),
        () => use(prefix),
        () => remount("rw")
      )
  }
}

const isRoot = process.getuid?.() === 0

/** Without the right to mount: a limit on file size and the permissions of a directory, which bind root only after it drops its privileges. */
const limitedDisk = (folder: string): Disk => ({
  folder,
  view: folder,
  prefix: [],
  withRoom: (bytes, use) => use(["sh", "-c", `ulimit -f ${Math.floor(bytes / 512)}; exec "$@"`, "sh"]),
  readOnly: (use) =>
    Effect.acquireUseRelease(
      Effect.sync(() => fs.chmodSync(folder, 0o555)),
      () => use(isRoot ? ["setpriv", "--bounding-set=-dac_override"] : []),
      () => Effect.sync(() => fs.chmodSync(folder, 0o755))
    )
})

/** A disk that exists until the scope closes. */
export const disk: Effect.Effect<Disk, never, Scope.Scope> = mountWith(asUser).pipe(
  Effect.orElse(() => mountWith(asRoot)),
  Effect.map(mountedDisk),
  Effect.catchAll(() => Effect.map(directory, limitedDisk))
)
