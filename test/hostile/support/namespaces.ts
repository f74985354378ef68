import { spawnSync } from "node:child_process"

const works = (prefix: ReadonlyArray<string>): boolean => {
  const [file = "", ...args] = prefix
  return spawnSync(file, [...args, "true"], { timeout: 10_000 }).status === 0
}

const unshareWith = (...flags: ReadonlyArray<string>): ReadonlyArray<string> =>
  [
    ["unshare", ...flags],
    ["unshare", "--map-root-user", ...flags]
  ].find(works) ?? []

/** What a command line begins with that runs as process 1 of a namespace of its own, as in a container; nothing where this user may not. */
export const asProcessOne = (): ReadonlyArray<string> => unshareWith("--fork", "--kill-child", "--pid", "--mount-proc")

/** What a command line begins with that sees another host name; nothing where this user may not. */
export const onHost = (name: string): ReadonlyArray<string> => {
  const prefix = unshareWith("--uts")
  return prefix.length === 0 ? [] : [...prefix, "/bin/sh", "-c", `hostname ${name} && exec "$@"`, "sh"]
}
