import { basename } from "node:path"
import { type SafeText, safe } from "./text.js"
import { shownWord } from "./url.js"

/** How this program was started: by its name, or in the repository through a package runner. */
const program = (): string => {
  const { npm_execpath: runner = "", npm_lifecycle_event: script } = process.env
  if (script !== "avara" && script !== "start") return "avara"
  if (/[\\/]_npx[\\/]/.test(runner)) return "npx --yes pnpm@10 avara"
  return `${/^(npm|yarn)/.exec(basename(runner))?.[1] === "npm" ? "npm run" : "pnpm"} avara`
}

const escaped = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`
}

/** A terminal would act on such a character, or show nothing. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

const quoted = (word: string): string => {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word
  return word.search(unsafe) === -1
    ? `'${word.replaceAll("'", "'\\''")}'`
    : `$'${word.replaceAll(/[\\']/g, "\\$&").replaceAll(unsafe, escaped)}'`
}

const passwordHint = "Set PGPASSWORD or PGPASSFILE first: the command does not show the password."

/** The command of this program with these words, as a shell takes it, and what it needs beside. */
export const commandOf = (words: ReadonlyArray<string>): SafeText => {
  const shown = words.map(shownWord)
  const command = [program(), ...shown.map(quoted)].join(" ")
  return words.every((word, index) => word === shown[index]) ? safe`${command}` : safe`${command}\n  ${passwordHint}`
}

const commandWith = (argv: ReadonlyArray<string>, flag: "--resume" | "--discard"): SafeText => {
  const kept = argv.filter((word) => word !== "--discard" && word !== "--resume")
  const at = kept.indexOf("--")
  return commandOf(at === -1 ? [...kept, flag] : [...kept.slice(0, at), flag, ...kept.slice(at)])
}

/** The command that resumes where this one stopped. */
export const resumeCommand = (argv: ReadonlyArray<string>): SafeText => commandWith(argv, "--resume")

/** The command that drops what is unfinished and begins again. */
export const discardCommand = (argv: ReadonlyArray<string>): SafeText => commandWith(argv, "--discard")
