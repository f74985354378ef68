import { defineConfig } from "vitest/config"
import { shared } from "../../vitest.config.js"

/** The tests of what the packages promise, except those whose programs use every package. */
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: ["test/contract/**/*.test.ts", "test/faults/**/*.test.ts", "packages/node/test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/*.long.test.ts"],
    maxWorkers: 2,
    minWorkers: 2,
    testTimeout: 60_000
  }
})
