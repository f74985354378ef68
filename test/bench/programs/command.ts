/** The command with V8's own defaults, which `packages/cli/src/main.ts` changes for the largest customers. */
import { main } from "../../../packages/cli/src/internal/program.js"

await main(process.argv.slice(2))
