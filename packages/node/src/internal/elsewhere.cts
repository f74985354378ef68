/** Replaces the package in browsers and workers. It is CommonJS, so that a bundler accepts every named import. */
throw new Error(
  "@effect-avara/node runs on Node, Bun and Deno only. In a browser or a worker, use @effect-avara/core over FetchHttpClient: https://github.com/effect-avara/effect-avara/blob/main/docs/runtimes.md"
)
