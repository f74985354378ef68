import { oneLine, render, safeLines } from "../text.js"
import { shownWrongWord } from "../url.js"

const valuesIn = (word: string): ReadonlyArray<string> =>
  word.startsWith("-") && word.includes("=") ? [word, word.slice(word.indexOf("=") + 1)] : [word]

const shown = (word: string): string => oneLine(shownWrongWord(word))

/** Returns the error of a command line without the passwords in its words. */
export const usageError = (argv: ReadonlyArray<string>, text: string): string => {
  const words = argv.flatMap(valuesIn).filter((word) => word !== "" && shown(word) !== word)
  const longestFirst = words.toSorted((a, b) => b.length - a.length)
  return render(safeLines(longestFirst.reduce((rest, word) => rest.replaceAll(word, () => shown(word)), text)))
}
