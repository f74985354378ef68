import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { countLines, type Encoding, type Texts, writeTexts } from "./rowFormat.js"

/** An array with each customer on a line of its own, as no JSON text of a row has a line break. */
const texts: Texts = {
  beginning: "[",
  rows: (lines, isFirst) => `${isFirst ? "\n" : ",\n"}${lines.join(",\n")}`,
  end: "\n]\n"
}

/** One JSON array. @internal */
export const encoding: Encoding = {
  texts: () => texts,
  convert: (staged, to) => writeTexts(staged, to, texts),
  // The brackets have a line each.
  count: (path) => Effect.map(countLines(path), (lines) => Option.some(lines - 2))
}
