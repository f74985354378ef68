/** The published manifest: without what only this repository uses. */
const published = ({ devDependencies, scripts, ...manifest }) => ({
  ...manifest,
  exports: withoutSource(manifest.exports)
})

const withoutSource = (exports) =>
  Object.fromEntries(
    Object.entries(exports).map(([path, target]) => {
      if (target === null || typeof target === "string") return [path, target]
      const { "@effect-avara/source": source, ...conditions } = target
      return [path, conditions]
    })
  )

module.exports = { hooks: { beforePacking: published } }
