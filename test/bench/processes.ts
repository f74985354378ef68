import { type ChildProcess, fork, spawn } from "node:child_process"
import { once } from "node:events"
import type { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import { pathToFileURL } from "node:url"
import { bundlePeer, bundleScript, type PeerName } from "./bundle.js"
import type { Job, Measured, Reply } from "./jobs.js"

/** A worker that does one job at a time. */
export interface Worker {
  readonly run: (job: Job) => Promise<Measured>
  readonly stop: () => void
}

const children = new Set<ChildProcess>()

const start = (file: string, args: ReadonlyArray<string>): ChildProcess => {
  const child = fork(file, args, { execArgv: ["--expose-gc"] })
  children.add(child)
  child.once("exit", () => children.delete(child))
  return child
}

const stop = (child: ChildProcess): void => {
  if (child.connected) child.disconnect()
}

/** Kills every remaining process. */
export const stopAll = (): void => {
  for (const child of children) stop(child)
}

const nextMessage = <A>(child: ChildProcess): Promise<A> =>
  new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`a process of the bench ended with ${code}`))
    child.once("exit", died)
    child.once("message", (message) => {
      child.off("exit", died)
      resolve(message as A)
    })
  })

const makeWorker = (child: ChildProcess): Worker => ({
  run: async (job) => {
    const reply = nextMessage<Reply>(child)
    child.send(job)
    const answer = await reply
    if ("failed" in answer) throw new Error(answer.failed)
    return answer.measured
  },
  stop: () => stop(child)
})

/** Starts a worker of a peer for the server at this URL. */
export const startPeer = async (name: PeerName, baseUrl: string): Promise<Worker> =>
  makeWorker(start(await bundlePeer(name), [baseUrl]))

/** Starts the worker that decodes. */
export const startDecoder = async (): Promise<Worker> => makeWorker(start(await bundleScript("decodeWorker"), []))

/** A server of customers. */
export interface Server {
  readonly baseUrl: string
  /** Delays every response by this time, in ms. */
  readonly delay: (milliseconds: number) => Promise<void>
}

/** Runs with a server of this many customers. */
export const withServer = async <A>(customers: number, use: (server: Server) => Promise<A>): Promise<A> => {
  const child = start(await bundleScript("server"), ["--customers", `${customers}`])
  const delay = async (milliseconds: number) => {
    const changed = nextMessage<number>(child)
    child.send(milliseconds)
    await changed
  }
  try {
    return await use({ baseUrl: `http://127.0.0.1:${await nextMessage<number>(child)}`, delay })
  } finally {
    stop(child)
  }
}

/** Runs with a worker for every peer. */
export const withPeers = async <N extends PeerName, A>(
  names: ReadonlyArray<N>,
  baseUrl: string,
  use: (workers: ReadonlyMap<N, Worker>) => Promise<A>
): Promise<A> => {
  const workers = new Map(await Promise.all(names.map(async (name) => [name, await startPeer(name, baseUrl)] as const)))
  try {
    return await use(workers)
  } finally {
    for (const worker of workers.values()) worker.stop()
  }
}

/** How long a program takes from its start to its first output, in ms, and that output. */
export const timeToOutput = async (
  file: string,
  args: ReadonlyArray<string>
): Promise<{ readonly milliseconds: number; readonly output: string }> => {
  const begin = performance.now()
  const child = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "inherit"] })
  const exited = once(child, "exit")
  const [output] = (await Promise.race([once(child.stdout, "data"), exited])) as [unknown]
  const milliseconds = performance.now() - begin
  await exited
  return { milliseconds, output: String(output).trim() }
}

/** The peak memory of a program in bytes, reported by the script at `reporter` when it ends. */
export const peakMemoryOf = async (
  reporter: string,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>
): Promise<number> => {
  const child = spawn(process.execPath, ["--import", pathToFileURL(reporter).href, ...args], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
    env: { ...process.env, ...env }
  })
  const reported = text(child.stdio[3] as Readable)
  const [code] = await once(child, "exit")
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`)
  return Number(await reported)
}
