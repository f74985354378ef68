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

/** The prefix of a command line that runs as process 1 of its own namespace, as in a container; empty if this user is not permitted to. */
export const asProcessOne = (): ReadonlyArray<string> => unshareWith("--fork", "--kill-child", "--pid", "--mount-proc")

/** The prefix of a command line that sees another host name; empty if this user is not permitted to. */
export const onHost = (name: string): ReadonlyArray<string> => {
  const prefix = unshareWith("--uts")
  return prefix.length === 0 ? [] : [...prefix, "/bin/sh", "-c", `hostname ${name} && exec "$@"`, "sh"]
}
