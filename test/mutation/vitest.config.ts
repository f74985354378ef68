import { fileURLToPath } from "node:url"
import { defineConfig, type Plugin } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"
import { shared } from "../../vitest.config.js"

const packages = fileURLToPath(new URL("../../packages/", import.meta.url))

// Threads have the time zone of their process.
process.env["TZ"] = "America/New_York"

/** `MUTATION_TESTS` overrides them with a comma-separated list. */
const all = ["packages/core/test/**/*.test.ts", "test/contract/**/*.test.ts", "test/faults/**/*.test.ts"]

/** The first failing test kills a mutant: tests of one module are fastest, those over sockets slowest. */
class Sequencer extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const places = ["/core/test/internal/", "/core/test/", "/test/contract/", "/test/faults/"]
    const place = ({ moduleId }: TestSpecification) => places.findIndex((part) => moduleId.includes(part))
    return files.toSorted((one, other) => place(one) - place(other))
  }
}

/** The tests run in a copy of the repository, whose links in `node_modules` point to the original. */
const ownPackages: Plugin = {
  name: "own-packages",
  enforce: "pre",
  async resolveId(source, importer, options) {
    if (!source.startsWith("@effect-avara/")) return undefined
    const found = await this.resolve(source, importer, { ...options, skipSelf: true })
    return found?.id.replace(/^.*\/packages\//, packages)
  }
}

export default defineConfig({
  ...shared,
  plugins: [ownPackages],
  test: {
    ...shared.test,
    include: process.env["MUTATION_TESTS"]?.split(",") ?? all,
    // These are slow and test other folders.
    exclude: ["packages/core/test/depth.test.ts", "packages/core/test/hostileOptions.test.ts"],
    sequence: { sequencer: Sequencer },
    testTimeout: 20_000
  }
})
