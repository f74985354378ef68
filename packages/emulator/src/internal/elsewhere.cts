/** Replaces the package in browsers and workers. It is CommonJS, so that a bundler accepts every named import. */
throw new Error(
  "@effect-avara/emulator runs on Node, Bun and Deno only. Start it there as a server, and set baseUrl to its URL: https://github.com/effect-avara/effect-avara/blob/main/docs/runtimes.md"
)
