import * as Effect from "effect/Effect"
import type { Name } from "../Format.js"
import type { Encoding } from "./rowFormat.js"

// Each format is loaded when it is used, because most programs use only one.
const loaders: Readonly<Record<Name, () => Promise<{ readonly encoding: Encoding }>>> = {
  ndjson: () => import("./ndjson.js"),
  json: () => import("./json.js"),
  csv: () => import("./csv.js"),
  parquet: () => import("./parquet.js")
}

/** Loads the code that writes and counts the rows of a format. @internal */
export const encodingOf = (name: Name): Effect.Effect<Encoding> =>
  Effect.map(Effect.promise(loaders[name]), ({ encoding }) => encoding)
