import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

const conditions = ["@effect-avara/source", "module", "node", "development|production"]

/** Small files whose tests wait longest begin first, so that no worker is left with them at the end. */
class Sequencer extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const sorted = await super.sort(files)
    const isSlow = ({ moduleId }: TestSpecification) => /\/test\/(?:browser|hostile|faults)\//.test(moduleId)
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))]
  }
}

// `--mode long` runs the long tests, alone and whole.
export default defineConfig(({ mode }) => {
  const long = mode === "long"
  const include = long
    ? ["**/*.long.test.ts"]
    : ["packages/*/test/**/!(*.long).test.ts", "examples/test/**/*.test.ts", "test/**/!(*.long).test.ts"]
  return {
    root: fileURLToPath(new URL("..", import.meta.url)),
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      include,
      exclude: ["**/node_modules/**", "**/out/**"],
      // A worker loads Effect once for all of its files.
      isolate: false,
      setupFiles: fileURLToPath(new URL("support/itMethods.ts", import.meta.url)),
      globalSetup: fileURLToPath(new URL("support/bundlePrograms.ts", import.meta.url)),
      passWithNoTests: long,
      // Most tests wait for a server or a child more than they compute.
      minWorkers: 3,
      maxWorkers: 3,
      // Effects leave much that dies young: larger young generations take a tenth less time.
      poolOptions: { forks: { execArgv: ["--max-semi-space-size=64"] } },
      sequence: { sequencer: Sequencer },
      testTimeout: long ? 1_800_000 : 60_000
    }
  }
})
