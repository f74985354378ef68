import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings"
import { rootOf, summaryOf } from "./help.js"

/** What a shell offers for a value: nothing, files, or one of these words. */
type Completion = "none" | "file" | ReadonlyArray<string>

interface Item {
  readonly name: string
  readonly summary: string
}

interface OptionItem extends Item {
  readonly short: string | undefined
  readonly takesValue: boolean
  readonly completion: Completion
}

/** A position in a command line: the words before it, and what can follow. */
interface Place {
  readonly words: string
  readonly commands: ReadonlyArray<Item>
  readonly options: ReadonlyArray<OptionItem>
  /** The completion of the first argument. */
  readonly argument: Completion
}

/** A value whose name contains FILE is a file. */
const completionOf = (choices: ReadonlyArray<string> | undefined, value: string): Completion =>
  choices ?? (value.includes("FILE") ? "file" : "none")

const itemOf = ({ argChoices, description, flags, long = "", required, short }: Option): OptionItem => ({
  name: long,
  short,
  summary: description,
  takesValue: required,
  completion: completionOf(argChoices, flags)
})

const optionsOf = (command: CommandUnknownOpts): ReadonlyArray<OptionItem> => {
  const own = command.createHelp().visibleOptions(command)
  return (command.parent === null ? own : [...own, ...rootOf(command).options]).map(itemOf)
}

const placesOf = (command: CommandUnknownOpts, words: ReadonlyArray<string> = []): ReadonlyArray<Place> => {
  const [argument] = command.registeredArguments
  const place = {
    words: words.join(" "),
    commands: command.commands.map((child) => ({
      name: child.name(),
      summary: summaryOf(child)
    })),
    options: optionsOf(command),
    argument: argument === undefined ? "none" : completionOf(argument.argChoices, argument.name())
  }
  return [place, ...command.commands.flatMap((child) => placesOf(child, [...words, child.name()]))]
}

/** Returns the steps from place to place: from the words before a command to the words including it. */
const steps = (places: ReadonlyArray<Place>): ReadonlyArray<readonly [from: string, word: string, to: string]> =>
  places.flatMap(({ commands, words }) =>
    commands.map(({ name }) => [words, name, words === "" ? name : `${words} ${name}`] as const)
  )

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const optionNames = ({ options }: Place): string => options.map(({ name }) => name).join(" ")

const commandNames = ({ commands }: Place): string => commands.map(({ name }) => name).join(" ")

const bashOffer = (completion: Completion): string =>
  completion === "none"
    ? "return"
    : completion === "file"
      ? "_avara_files; return"
      : `COMPREPLY=($(compgen -W ${quoted(completion.join(" "))} -- "$cur")); return`

/** Completes a word that is not an option: a command or the argument. */
const bashWords = (place: Place): ReadonlyArray<string> => {
  const offer = place.commands.length === 0 ? place.argument : commandNames(place).split(" ")
  return offer === "none" ? [] : [`      if [[ "$cur" != -* ]]; then ${bashOffer(offer)}; fi`]
}

const bashPlace = (place: Place): ReadonlyArray<string> => [
  `    ${quoted(place.words)})`,
  ...(place.options.some(({ takesValue }) => takesValue)
    ? [
        `      case "$prev" in`,
        ...place.options
          .filter(({ takesValue }) => takesValue)
          .map(({ completion, name }) => `        ${name}) ${bashOffer(completion)} ;;`),
        "      esac"
      ]
    : []),
  ...bashWords(place),
  `      COMPREPLY=($(compgen -W ${quoted(optionNames(place))} -- "$cur")) ;;`
]

const bash = (places: ReadonlyArray<Place>): ReadonlyArray<string> => [
  "# Completions of avara for bash: source this file, or save it as ~/.local/share/bash-completion/completions/avara",
  "_avara_files() {",
  "  local IFS=$'\\n'",
  '  COMPREPLY=($(compgen -f -- "$cur"))',
  "  compopt -o filenames 2>/dev/null",
  "}",
  "_avara() {",
  `  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at="" i`,
  `  if [[ "$cur" == "=" ]]; then cur=""; elif [[ "$prev" == "=" ]]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"; fi`,
  "  COMPREPLY=()",
  "  for ((i = 1; i < COMP_CWORD; i++)); do",
  `    case "$at/\${COMP_WORDS[i]}" in`,
  ...steps(places).map(([from, word, to]) => `      ${quoted(`${from}/${word}`)}) at=${quoted(to)} ;;`),
  "    esac",
  "  done",
  '  case "$at" in',
  ...places.flatMap(bashPlace),
  "  esac",
  "}",
  "complete -F _avara avara"
]

const zshDescribed = (items: ReadonlyArray<Item>): string =>
  items.map(({ name, summary }) => quoted(`${name}:${summary.replaceAll(":", "\\:")}`)).join(" ")

const zshOffer = (completion: Completion): string =>
  completion === "none"
    ? "return"
    : completion === "file"
      ? "_files; return"
      : `compadd -- ${completion.join(" ")}; return`

const zshPlace = (place: Place): ReadonlyArray<string> => [
  `    ${quoted(place.words)})`,
  '      case "$words[CURRENT-1]" in',
  ...place.options
    .filter(({ takesValue }) => takesValue)
    .map(({ completion, name }) => `        ${name}) ${zshOffer(completion)} ;;`),
  "      esac",
  '      if [[ "$words[CURRENT]" == -* ]]; then',
  `        offers=(${zshDescribed(place.options)})`,
  "        _describe option offers",
  "        return",
  "      fi",
  ...(place.commands.length === 0
    ? [`      ${zshOffer(place.argument)}`]
    : [`      offers=(${zshDescribed(place.commands)})`, "      _describe command offers"]),
  "      ;;"
]

const zsh = (places: ReadonlyArray<Place>): ReadonlyArray<string> => [
  "#compdef avara",
  "# Completions of avara for zsh: save this file as _avara in a directory of $fpath, or source it after compinit",
  "_avara() {",
  "  local at= i",
  "  local -a offers",
  "  for ((i = 2; i < CURRENT; i++)); do",
  '    case "$at/$words[i]" in',
  ...steps(places).map(([from, word, to]) => `      ${quoted(`${from}/${word}`)}) at=${quoted(to)} ;;`),
  "    esac",
  "  done",
  '  case "$at" in',
  ...places.flatMap(zshPlace),
  "  esac",
  "}",
  'if [[ "$funcstack[1]" == _avara ]]; then _avara "$@"; else compdef _avara avara; fi'
]

const fishQuoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`

const fishPlace = ({ argument, commands, options, words }: Place): ReadonlyArray<string> => {
  const at = `complete -c avara -n ${fishQuoted(`__avara_at "${words}"`)}`
  const values = (completion: Completion) =>
    completion === "none" ? " -x" : completion === "file" ? " -r -F" : ` -x -a ${fishQuoted(completion.join(" "))}`
  return [
    ...commands.map(({ name, summary }) => `${at} -f -a ${name} -d ${fishQuoted(summary)}`),
    ...(argument === "file" ? [`${at} -F`] : [`${at} -f`]),
    ...(typeof argument === "string" ? [] : [`${at} -a ${fishQuoted(argument.join(" "))}`]),
    ...options.map(({ completion, name, short, summary, takesValue }) => {
      const letter = short === undefined ? "" : ` -s ${short.slice(1)}`
      return `${at}${letter} -l ${name.slice(2)}${takesValue ? values(completion) : ""} -d ${fishQuoted(summary)}`
    })
  ]
}

const fish = (places: ReadonlyArray<Place>): ReadonlyArray<string> => [
  "# Completions of avara for fish: save this file as ~/.config/fish/completions/avara.fish, or source it",
  "function __avara_at",
  "  set -l at ''",
  "  for word in (commandline -opc)[2..-1]",
  '    switch "$at/$word"',
  ...steps(places).flatMap(([from, word, to]) => [
    `      case ${fishQuoted(`${from}/${word}`)}`,
    `        set at ${fishQuoted(to)}`
  ]),
  "    end",
  "  end",
  '  test "$at" = "$argv[1]"',
  "end",
  ...places.flatMap(fishPlace)
]

export const shells = ["bash", "zsh", "fish"] as const

export type Shell = (typeof shells)[number]

/** Creates a script that completes the commands below `root` in a shell. */
export const completions = (root: CommandUnknownOpts, shell: Shell): string => {
  const scripts = { bash, zsh, fish }
  return scripts[shell](placesOf(root)).join("\n")
}
