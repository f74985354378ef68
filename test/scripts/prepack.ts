/** Runs in the folder of a package before it is packed: builds what the tarball contains. */
import { execFileSync } from "node:child_process"
import { createRequire } from "node:module"

// Only pnpm replaces `workspace:` and `catalog:` with versions.
if (!process.env["npm_config_user_agent"]?.startsWith("pnpm/")) {
  console.error("This package can be packed only by pnpm. Run: npx --yes pnpm@10 pack")
  process.exit(1)
}

execFileSync(process.execPath, [createRequire(import.meta.url).resolve("typescript/bin/tsc"), "-b"], {
  stdio: "inherit"
})
