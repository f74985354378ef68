/** Stands for the package in browsers and workers. It is CommonJS, so that a bundler accepts every import of a name. */
throw new Error(
  "@effect-avara/node runs on Node, Bun and Deno only. In a browser or a worker, use @effect-avara/core over FetchHttpClient: https://github.com/effect-avara/effect-avara/blob/main/docs/runtimes.md"
)
