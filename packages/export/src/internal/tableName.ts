/** The table of the checkpoints. @internal */
export const checkpointTable = "avara_export_checkpoint"

/** @internal */
export type Dialect = "sqlite" | "pg"

/** PostgreSQL truncates a longer name, so that two names can become the same table. */
const maxBytes = 63

const partProblem = (part: string, dialect: Dialect): string | undefined => {
  if (part === "") return "the name of a table must not be empty"
  if (part.includes("\0")) return "the name of a table must not contain a NUL character"
  if (part.toLowerCase() === checkpointTable) return "exports keep their checkpoints in this table; choose another name"
  if (dialect === "sqlite") {
    return part.toLowerCase().startsWith("sqlite_") ? "SQLite reserves names that start with sqlite_" : undefined
  }
  const bytes = Buffer.byteLength(part)
  return bytes > maxBytes ? `a name in PostgreSQL has at most ${maxBytes} bytes, not ${bytes}` : undefined
}

/** Returns what is wrong with the name of a table, which may start with a schema and a dot. @internal */
export const tableNameProblem = (table: string, dialect: Dialect): string | undefined =>
  table
    .split(".")
    .map((part) => partProblem(part, dialect))
    .find((problem) => problem !== undefined)
