import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { countLines, type Encoding } from "./rowFormat.js"

/** Writes one JSON object per line. @internal */
export const encoding: Encoding = {
  texts: () => ({ beginning: "", rows: (lines) => lines.map((line) => `${line}\n`).join(""), end: "" }),
  convert: undefined,
  count: (path) => Effect.map(countLines(path), Option.some)
}
