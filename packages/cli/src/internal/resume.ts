import { basename } from "node:path"

/** How this program was started: by its name, or in the repository through a package runner. */
const program = (): string => {
  const { npm_execpath: runner = "", npm_lifecycle_event: script } = process.env
  if (script !== "avara" && script !== "start") return "avara"
  if (/[\\/]_npx[\\/]/.test(runner)) return "npx --yes pnpm@10 avara"
  return `${/^(npm|yarn)/.exec(basename(runner))?.[1] === "npm" ? "npm run" : "pnpm"} avara`
}

const quoted = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

/** A password in a URL is not repeated. */
const withoutPassword = (word: string): string => word.replace(/^(\w+:\/\/[^:/@\s]*):[^@/\s]+@/, "$1@")

const commandWith = (argv: ReadonlyArray<string>, flag: "--resume" | "--discard"): string => {
  const kept = argv.filter((word) => word !== "--discard" && word !== "--resume").map(withoutPassword)
  const at = kept.indexOf("--")
  const words = at === -1 ? [...kept, flag] : [...kept.slice(0, at), flag, ...kept.slice(at)]
  return [program(), ...words.map(quoted)].join(" ")
}

/** The command that resumes where this one stopped, as a shell takes it. */
export const resumeCommand = (argv: ReadonlyArray<string>): string => commandWith(argv, "--resume")

/** The command that drops what is unfinished and begins again, as a shell takes it. */
export const discardCommand = (argv: ReadonlyArray<string>): string => commandWith(argv, "--discard")
