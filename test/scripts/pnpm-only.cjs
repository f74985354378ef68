/** Runs before `npm test`, and instead of yarn (see `.yarnrc.yml`). */
const { npm_command: command, npm_config_user_agent: agent = "" } = process.env

if (!agent.startsWith("pnpm/")) {
  const instead = (process.argv[2] ?? command) === "test" ? "test" : "install"
  console.error(`This repository uses pnpm: run "npx --yes pnpm@10 ${instead}" instead.`)
  process.exitCode = 1
}
