/** Replaces the package in browsers and workers. It is CommonJS, so that a bundler accepts every named import. */
throw new Error(
  "@effect-avara/export runs on Node, Bun and Deno only. It writes files and tables: https://github.com/effect-avara/effect-avara/blob/main/docs/runtimes.md"
)
