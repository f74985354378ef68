import * as path from "node:path"

/** Tells the test processes the folder of the bundled programs. */
export const programsVariable = "AVARA_TEST_PROGRAMS"

/** The programs that tests start, and their sources in the repository. */
export const sources = {
  avara: "packages/cli/src/main.ts",
  emulator: "packages/emulator/src/main.ts",
  child: "test/export/child.ts",
  killer: "test/export/killer.ts",
  lockHolder: "test/support/lockHolder.ts",
  locker: "packages/export/test/locker.ts",
  naive: "test/jobs/naive.ts",
  rateUser: "test/jobs/rateUser.ts",
  sqliteUser: "packages/jobs/test/sqliteUser.ts",
  worker: "test/jobs/worker.ts"
}

/** The path of a program, bundled. */
export const program = (name: keyof typeof sources): string => {
  const folder = process.env[programsVariable]
  if (folder === undefined) throw new Error("no bundled programs: run the tests with `pnpm test`")
  return path.join(folder, `${name}.mjs`)
}
