import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { countLines, type Encoding, type Texts, writeTexts } from "./rowFormat.js"

/** Each customer has its own line, because the JSON text of a row contains no line break. */
const texts: Texts = {
  beginning: "[",
  rows: (lines, isFirst) => `${isFirst ? "\n" : ",\n"}${lines.join(",\n")}`,
  end: "\n]\n"
}

/** Writes one JSON array. @internal */
export const encoding: Encoding = {
  texts: () => texts,
  convert: (staged, to) => writeTexts(staged, to, texts),
  // Each bracket has its own line.
  count: (path) => Effect.map(countLines(path), (lines) => Option.some(lines - 2))
}
