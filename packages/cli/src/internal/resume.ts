import { basename } from "node:path"
import { type SafeText, safe } from "./text.js"
import { shownWord } from "./url.js"

/** Returns how this program was started: by its name, or from its source in the repository. */
const program = (): string => {
  const { npm_execpath: runner = "", npm_lifecycle_event: script } = process.env
  if (basename(process.argv[1] ?? "") !== "avara.ts") return "avara"
  return script === "npx" || /[\\/]_npx[\\/]/.test(runner) ? "npx --yes pnpm@10 avara" : "pnpm avara"
}

const escaped = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`
}

/** Characters that a terminal would act on or not show. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

const quoted = (word: string): string => {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word
  return word.search(unsafe) === -1
    ? `'${word.replaceAll("'", "'\\''")}'`
    : `$'${word.replaceAll(/[\\']/g, "\\$&").replaceAll(unsafe, escaped)}'`
}

const passwordHint = "Set PGPASSWORD or PGPASSFILE first: the password is left out of the command."

/** Returns the command line of this program with these words, quoted for a shell, and a hint if it needs a password. */
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

/** Returns the command that resumes this one. */
export const resumeCommand = (argv: ReadonlyArray<string>): SafeText => commandWith(argv, "--resume")

/** Returns the command that discards the unfinished export and starts again. */
export const discardCommand = (argv: ReadonlyArray<string>): SafeText => commandWith(argv, "--discard")
