/** The runtimes on which the packages are tested, each at a fixed version, and the result of each package there. */
import { arch } from "node:process"

/** The columns of the table. */
export const columns = ["core", "node", "emulator", "export", "jobs", "command"] as const

/** A package, or the command. */
export type Column = (typeof columns)[number]

/** The table's entry for a package on a runtime. */
export interface Cell {
  readonly text: string
  /** The beginning of the error that its first use fails with; without it, the smoke program of the package runs. */
  readonly refusal?: string
  /** Whether there is nothing to test. */
  readonly isEmpty?: boolean
}

export type Cells = Readonly<Record<Column, Cell>>

/** A version of a runtime from npm. */
export interface Download {
  readonly name: string
  readonly version: string
}

/** A runtime that starts programs in files. */
export interface ProcessRuntime {
  readonly title: string
  readonly download: Download
  /** The program in the package, and its arguments before the file. */
  readonly program: string
  readonly args: ReadonlyArray<string>
  readonly cells: Cells
}

const isArm = arch === "arm64"

const yes: Cell = { text: "yes" }

const none: Cell = { text: "–", isEmpty: true }

const everything: Cells = { core: yes, node: yes, emulator: yes, export: yes, jobs: yes, command: yes }

/** "Node 20.18" of 20.18.1: a fix release changes no row. */
export const titleOf = (name: string, version: string): string => `${name} ${version.split(".").slice(0, 2).join(".")}`

const node = (version: string, cells: Cells = everything): ProcessRuntime => ({
  title: titleOf("Node", version),
  download: { name: `node-linux-${isArm ? "arm64" : "x64"}`, version },
  program: "bin/node",
  args: [],
  cells
})

const unsupported: Cell = { text: "yes, but not supported" }

const tooOld = (subject: string): Cell => ({
  text: "no: says that it needs Node 20.18.1",
  refusal: `${subject} needs Node 20.18.1 or later`
})

const oldNode: Cells = {
  core: unsupported,
  node: tooOld("@effect-avara/node"),
  emulator: tooOld("@effect-avara/emulator"),
  export: unsupported,
  jobs: tooOld("@effect-avara/jobs"),
  command: tooOld("avara: the command")
}

export const bunVersion = "1.4.5"

export const denoVersion = "2.9.6"

export const processRuntimes: ReadonlyArray<ProcessRuntime> = [
  node("18.20.8", oldNode),
  node("20.18.1"),
  node("22.23.3"),
  node("24.21.0"),
  {
    title: titleOf("Bun", bunVersion),
    download: { name: `@oven/bun-linux-${isArm ? "aarch64" : "x64"}`, version: bunVersion },
    program: "bin/bun",
    args: [],
    cells: everything
  },
  {
    title: titleOf("Deno", denoVersion),
    download: { name: `@deno/linux-${isArm ? "arm64" : "x64"}-glibc`, version: denoVersion },
    program: "deno",
    args: ["run", "--allow-all", "--quiet"],
    cells: everything
  }
]

const elsewhere = (name: string): Cell => ({
  text: "no: says where it runs",
  refusal: `@effect-avara/${name} runs on Node, Bun and Deno only.`
})

/** Browsers and workers, whose `fetch` does not report why it failed. */
export const webCells: Cells = {
  core: { text: "yes" },
  node: elsewhere("node"),
  emulator: elsewhere("emulator"),
  export: elsewhere("export"),
  jobs: elsewhere("jobs"),
  command: none
}

export const chromiumTitle = "Chromium of Debian"

const workerdVersion = "1.20261117.1"

export const workerdTitle = titleOf("workerd", workerdVersion)

export const workerdDownload: Download = {
  name: `@cloudflare/workerd-linux-${isArm ? "arm64" : "64"}`,
  version: workerdVersion
}
