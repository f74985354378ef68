import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const conditions = ["@effect-avara/source", "module", "node", "development|production"]

// Long tests run at a fiftieth of their size; `--mode long` runs them alone and whole.
export default defineConfig(({ mode }) => {
  const long = mode === "long"
  const include = long
    ? ["**/*.long.test.ts"]
    : ["packages/*/test/**/*.test.ts", "examples/test/**/*.test.ts", "test/**/*.test.ts"]
  return {
    root: fileURLToPath(new URL("..", import.meta.url)),
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      include,
      globalSetup: fileURLToPath(new URL("support/bundlePrograms.ts", import.meta.url)),
      passWithNoTests: long,
      // Most tests wait for a server or a child more than they compute.
      minWorkers: 2,
      maxWorkers: 2,
      env: { AVARA_TEST_SCALE: process.env["AVARA_TEST_SCALE"] ?? (long ? "1" : "0.02") },
      testTimeout: long ? 1_800_000 : 60_000,
      typecheck: {
        enabled: !long,
        include: ["test/types/**/*.test-d.ts"],
        tsconfig: "test/types/tsconfig.json"
      }
    }
  }
})
