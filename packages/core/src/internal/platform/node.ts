const required = "20.18.1"

/** Returns why a package cannot run on a version of Node, or `undefined`. Bun and Deno report a version of Node, too. */
export const oldNode = (subject: string, version: string): string | undefined =>
  version.localeCompare(required, "en", { numeric: true }) < 0
    ? `${subject} needs Node ${required} or later, and this is Node ${version}.`
    : undefined
