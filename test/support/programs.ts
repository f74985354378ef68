import * as path from "node:path"

/** Tells the test processes the folder of the bundled programs. */
export const programsVariable = "AVARA_TEST_PROGRAMS"

/** The path of a program that tests start. */
export const program = (
  name:
    | "avara"
    | "child"
    | "emulator"
    | "killer"
    | "lockHolder"
    | "locker"
    | "naive"
    | "rateUser"
    | "sqliteUser"
    | "worker"
): string => {
  const folder = process.env[programsVariable]
  if (folder === undefined) throw new Error("no bundled programs: run the tests with `pnpm test`")
  return path.join(folder, `${name}.mjs`)
}
