/** Replaces the package in browsers and workers. It is CommonJS, so that a bundler accepts every named import. */
throw new Error(
  "@effect-avara/jobs runs on Node, Bun and Deno only. It keeps its jobs in a database: https://github.com/effect-avara/effect-avara/blob/main/docs/runtimes.md"
)
