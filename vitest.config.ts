import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

const conditions = ["@effect-avara/source", "module", "node", "development|production"]

const setUp = (name: string): string => fileURLToPath(new URL(`test/support/${name}.ts`, import.meta.url))

/** Small files whose tests wait longest start first, so that no worker ends with them. */
class Sequencer extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const sorted = await super.sort(files)
    const isSlow = ({ moduleId }: TestSpecification) =>
      /\/test\/(?:browser|hostile|faults|export\/crash)/.test(moduleId)
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))]
  }
}

/** The settings of every run, including that of the mutants. */
export const shared = {
  root: fileURLToPath(new URL(".", import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // A worker loads Effect once for all of its files.
    isolate: false,
    setupFiles: setUp("itMethods")
  }
}

// `--mode long` runs only the long tests, at full scale; `--mode docs` only those of the built site.
export default defineConfig(({ mode }) => {
  const long = mode === "long"
  return {
    ...shared,
    test: {
      ...shared.test,
      // In a package, its own tests alone.
      dir: process.cwd(),
      include: [`**/${mode === "long" || mode === "docs" ? `*.${mode}` : "!(*.long|*.docs)"}.test.ts`],
      exclude: ["**/node_modules/**", "**/out/**"],
      globalSetup: setUp("bundlePrograms"),
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
