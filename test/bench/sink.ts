import { once } from "node:events"
import { createWriteStream } from "node:fs"

/** Writes JSON lines to a file, waiting whenever the file is slower than its writer; the same for every peer. */
export const makeSink = (file: string) => {
  const stream = createWriteStream(file)
  return {
    write: (values: ReadonlyArray<unknown>): Promise<unknown> | undefined => {
      const lines = values.map((value) => `${JSON.stringify(value)}\n`).join("")
      return stream.write(lines) ? undefined : once(stream, "drain")
    },
    end: async (): Promise<void> => {
      stream.end()
      await once(stream, "finish")
    }
  }
}
