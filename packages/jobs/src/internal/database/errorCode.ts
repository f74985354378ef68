/** The code that the operating system or the database gives an error, such as `ENOENT`; empty if there is none. @internal */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : ""
