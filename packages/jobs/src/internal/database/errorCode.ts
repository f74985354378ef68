/** Returns the code of an error of the operating system or the database, such as `ENOENT`; empty if it has none. @internal */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : ""
