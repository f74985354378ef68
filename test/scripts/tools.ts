/** The tools that only the check of the packed packages needs, by the name under which each is installed. */
export const tools: Readonly<Record<string, string>> = {
  "typescript-5.6": "npm:typescript@5.6.3",
  "typescript-5.9": "npm:typescript@5.9.3",
  "typescript-7": "npm:typescript@7.0.2",
  "@types/node": "20.19.43",
  esbuild: "0.28.2",
  rollup: "4.68.8",
  "@rollup/plugin-commonjs": "29.0.3",
  "@rollup/plugin-json": "6.1.0",
  "@rollup/plugin-node-resolve": "16.0.3"
}

/** The oldest TypeScript that the declarations support, this repository's TypeScript, and the newest. */
export const compilers: ReadonlyArray<string> = ["typescript-5.6", "typescript-5.9", "typescript-7"]
