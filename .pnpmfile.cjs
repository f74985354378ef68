/** The published manifest: without what only this repository uses. */
const published = ({ devDependencies, scripts, ...manifest }) => {
  const exports = withoutSource(manifest.exports)
  return { ...manifest, exports: manifest.peerDependencies ? explained(exports) : exports }
}

const withoutSource = (exports) =>
  Object.fromEntries(
    Object.entries(exports).map(([path, target]) => {
      if (target === null || typeof target === "string") return [path, target]
      const { "@effect-avara/source": source, ...conditions } = target
      return [path, conditions]
    })
  )

/** Node, Bun and Deno enter by a module that says which versions are needed; bundlers and `require` do not. */
const explained = ({ ".": { types, default: plain, ...elsewhere }, ...exports }) => ({
  ".": { types, ...elsewhere, module: plain, require: plain, node: "./dist/internal/entry.js", default: plain },
  ...exports
})

module.exports = { hooks: { beforePacking: published } }
