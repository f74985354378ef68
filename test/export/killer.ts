/**
 * Kills its own process at one of the calls that change something outside the process: those that write, rename, link, remove, truncate, sync,
 * open for writing or send, and those that run a statement of SQLite. Loaded with `--import`, before the program.
 *
 * - `AVARA_KILL_AT` is the number of the call, starting at 1; without it the process survives and lists its calls when it ends.
 * - `AVARA_KILL_CALL` is the name of the calls that count; all by default.
 * - `AVARA_KILL_MODE` is `before` the call, `after` it, or `torn`: with half of the bytes written.
 */
import fs from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import net from "node:net"

const at = Number(process.env["AVARA_KILL_AT"] ?? 0)
const only = process.env["AVARA_KILL_CALL"]
const mode = process.env["AVARA_KILL_MODE"] ?? "before"

type Args = ReadonlyArray<unknown>
type Run = (self: unknown, args: Args) => unknown

const { constants, writeFileSync, writeSync } = fs
const calls: Array<string> = []

const die = (): void => {
  process.kill(process.pid, "SIGKILL")
}

const isTurn = (name: string): boolean => {
  if (only !== undefined && name !== only) return false
  calls.push(name)
  return calls.length === at
}

const replace = (target: object, name: string, around: (run: Run) => Run): void => {
  const original: unknown = Reflect.get(target, name)
  if (typeof original !== "function") return
  const run = around((self, args) => Reflect.apply(original, self, args))
  const replacement = function (this: unknown, ...args: Args) {
    return run(this, args)
  }
  for (const key of Object.getOwnPropertySymbols(original)) Reflect.set(replacement, key, Reflect.get(original, key))
  Object.defineProperty(target, name, { value: replacement, writable: true, enumerable: true, configurable: true })
}

const bytesOf = (data: unknown, encoding: unknown): Buffer => {
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  if (Array.isArray(data)) return Buffer.concat(data.map((part) => bytesOf(part, encoding)))
  return Buffer.from(String(data), typeof encoding === "string" && Buffer.isEncoding(encoding) ? encoding : "utf8")
}

const halfOf = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length >> 1)

const numberIn = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined)

/** Half of the bytes that `write(descriptor, ...)` should write. */
const writeHalf = (descriptor: number, [data, second, third, fourth]: Args): void => {
  const isText = typeof data === "string"
  const offset = isText ? 0 : (numberIn(second) ?? 0)
  const bytes = bytesOf(data, third)
  const length = isText ? bytes.length : (numberIn(third) ?? bytes.length - offset)
  writeSync(descriptor, halfOf(bytes.subarray(offset, offset + length)), 0, null, numberIn(isText ? second : fourth))
}

const writeHalfFile = ([file, data, options]: Args, flag: string): void => {
  const given = typeof options === "object" && options !== null && "flag" in options ? options.flag : flag
  if (typeof file === "string" || typeof file === "number") {
    writeFileSync(file, halfOf(bytesOf(data, options)), { flag: String(given) })
  }
}

const halves: Readonly<Record<string, (args: Args) => void>> = {
  write: ([descriptor, ...args]) => writeHalf(numberIn(descriptor) ?? -1, args),
  writev: ([descriptor, buffers, position]) =>
    writeHalf(numberIn(descriptor) ?? -1, [bytesOf(buffers, ""), 0, undefined, position]),
  writeFile: (args) => writeHalfFile(args, "w"),
  appendFile: (args) => writeHalfFile(args, "a")
}

const writing = constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND

const isForWriting = (flags: unknown): boolean =>
  typeof flags === "number" ? (flags & writing) !== 0 : typeof flags === "string" && /[wa+]/.test(flags)

/** Whether a call changes something: output to the screen and files opened for reading do not count. */
const changes = (name: string, [first, second]: Args): boolean => {
  if (name === "open") return isForWriting(second)
  return !(name.startsWith("write") && typeof first === "number" && first <= 2)
}

/** A call that kills the process at its turn; `complete` runs the call first. */
const deadly =
  (name: string, run: Run, complete: Run): Run =>
  (self, args) => {
    if (!changes(name, args) || !isTurn(name)) return run(self, args)
    if (mode === "after") return complete(self, args)
    if (mode === "torn") halves[name]?.(args)
    return die()
  }

const thenDie =
  (run: Run): Run =>
  (self, args) => {
    const result = run(self, args)
    return result instanceof Promise ? result.then(die, die) : die()
  }

const callbackDies =
  (run: Run): Run =>
  (self, args) =>
    run(self, [...args.slice(0, -1), die])

const names = [
  ...["appendFile", "chmod", "chown", "copyFile", "cp", "fchmod", "fchown", "fdatasync", "fsync", "ftruncate", "link"],
  ...["mkdir", "mkdtemp", "open", "rename", "rm", "rmdir", "symlink", "truncate", "unlink", "utimes", "futimes"],
  ...["write", "writeFile", "writev"]
]

for (const name of names) {
  replace(fs, name, (run) => deadly(name, run, callbackDies(run)))
  replace(fs, `${name}Sync`, (run) => deadly(name, run, thenDie(run)))
  replace(fs.promises, name, (run) => deadly(name, run, thenDie(run)))
}

const descriptorOf = (self: unknown): unknown => (self instanceof Object && "fd" in self ? self.fd : undefined)

/** A method of an open file, counted as the function that takes its descriptor first. */
const deadlyMethod =
  (name: string) =>
  (method: Run): Run =>
  (self, args) => {
    const run: Run = () => method(self, args)
    return deadly(name, run, thenDie(run))(self, [descriptorOf(self), ...args])
  }

const methods = [
  "appendFile",
  "chmod",
  "chown",
  "datasync",
  "sync",
  "truncate",
  "utimes",
  "write",
  "writeFile",
  "writev"
]

const file = await fs.promises.open(process.execPath)
for (const name of methods) replace(Object.getPrototypeOf(file), name, deadlyMethod(name))
await file.close()
syncBuiltinESMExports()

const isShown = (socket: unknown): boolean => socket === process.stdout || socket === process.stderr

const writeSocket: unknown = Reflect.get(net.Socket.prototype, "_write")

const sendAndDie = (socket: unknown, bytes: Buffer): unknown =>
  mode === "before" || typeof writeSocket !== "function"
    ? die()
    : Reflect.apply(writeSocket, socket, [mode === "torn" ? halfOf(bytes) : bytes, "buffer", die])

replace(net.Socket.prototype, "_write", (run) => (self, args) => {
  if (isShown(self) || !isTurn("send")) return run(self, args)
  return sendAndDie(self, bytesOf(args[0], args[1]))
})

const partOf = (part: unknown): Buffer =>
  part instanceof Object && "chunk" in part ? bytesOf(part.chunk, Reflect.get(part, "encoding")) : Buffer.alloc(0)

replace(net.Socket.prototype, "_writev", (run) => (self, args) => {
  if (isShown(self) || !isTurn("send")) return run(self, args)
  return sendAndDie(self, Buffer.concat(Array.isArray(args[0]) ? args[0].map(partOf) : []))
})

const statements = ["databaseOpen", "databaseExecSync", "statementGet", "statementRowsSync", "statementRun"]

/** SQLite writes below Node, so its statements are counted. */
replace(process, "dlopen", (run) => (self, args) => {
  const result = run(self, args)
  const [module] = args
  const exported: unknown = module instanceof Object && "exports" in module ? module.exports : undefined
  if (exported instanceof Object) {
    for (const name of statements) replace(exported, name, (run) => deadly(name, run, thenDie(run)))
  }
  return result
})

if (at === 0) process.once("exit", () => writeSync(1, `calls ${JSON.stringify(calls)}\n`))
