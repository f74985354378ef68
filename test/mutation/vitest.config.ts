import { fileURLToPath } from "node:url"
import { defineConfig, type Plugin } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"
import { shared } from "../../vitest.config.js"

const packages = fileURLToPath(new URL("../../packages/", import.meta.url))

// The time zone of threads is that of their process.
process.env["TZ"] = "America/New_York"

/** `MUTATION_TESTS` names others, separated by commas. */
const all = ["packages/core/test/**/*.test.ts", "test/contract/**/*.test.ts", "test/faults/**/*.test.ts"]

/** A mutant is done for at the first test that fails: tests of one module are fastest, those over sockets slowest. */
class Sequencer extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const places = ["/core/test/internal/", "/core/test/", "/test/contract/", "/test/faults/"]
    const place = ({ moduleId }: TestSpecification) => places.findIndex((part) => moduleId.includes(part))
    return files.toSorted((one, other) => place(one) - place(other))
  }
}

/** The tests run in a copy of the repository, whose links in `node_modules` lead back to the original. */
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
    // What is slow by its size and tests other folders.
    exclude: ["packages/core/test/depth.test.ts", "packages/core/test/hostileOptions.test.ts"],
    sequence: { sequencer: Sequencer },
    testTimeout: 20_000
  }
})
