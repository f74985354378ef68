import { execFile } from "node:child_process"

/** Whether a command succeeded, and its complete output. */
export interface Ended {
  readonly ok: boolean
  readonly output: string
}

// The settings that pnpm passes to its scripts would change npm's behavior. The registry is this machine's.
const isOfPnpm = (name: string): boolean => /^(npm|pnpm)_(?!config_(registry|userconfig|globalconfig)$)/i.test(name)

const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOfPnpm(name)))

/** Runs a command to its end, for at most two minutes. */
export const run = (
  file: string,
  args: ReadonlyArray<string>,
  cwd: string,
  env: Readonly<Record<string, string>> = {}
): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { cwd, env: { ...clean, ...env }, timeout: 120_000, maxBuffer: 2 ** 26 }
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      const ending = error?.killed === true ? "\n(killed after two minutes)" : ""
      resolve({ ok: error === null, output: `${stdout}${stderr}${ending}`.trim() })
    })
    child.stdin?.end()
  })

/** Runs a command that must succeed. */
export const runOrThrow = async (file: string, args: ReadonlyArray<string>, cwd: string): Promise<string> => {
  const { ok, output } = await run(file, args, cwd)
  if (!ok) throw new Error(`${file} ${args.join(" ")} failed:\n${output}`)
  return output
}
