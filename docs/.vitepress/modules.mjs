import { readFileSync } from "node:fs"
import { Comment, Converter, ReflectionKind, UnknownType } from "typedoc"

const firstComment = /^\s*\/\*\*([\s\S]*?)\*\//

/** The text before the first import, which TypeDoc takes for no comment of the module. */
const introductionOf = (source) =>
  (firstComment.exec(source)?.[1] ?? "")
    .replaceAll(/^\s*\* ?/gm, "")
    .replace(/^@[\s\S]*/m, "")
    .replace(/^Manual: (\S+)$/m, "[The page of the manual]($1)")
    .trim()

const longestType = 600

/** Types of schemas go into every detail; their source says the same in a few lines. */
const shorten = (reflection) => {
  if ((reflection.type?.toString().length ?? 0) > longestType) reflection.type = new UnknownType("…")
}

const withoutMachinery = (reflection) => {
  delete reflection.extendedTypes
  delete reflection.inheritedFrom
  delete reflection.overwrites
  delete reflection.defaultValue
  shorten(reflection)
}

const capitalized = (text) => text.charAt(0).toUpperCase() + text.slice(1)

const nameCategory = ({ comment }) => {
  const category = comment?.getTag("@category")
  if (category !== undefined)
    category.content = [{ kind: "text", text: capitalized(Comment.combineDisplayParts(category.content).trim()) }]
}

/** The reference as users see the packages: `core/Customers` is `Customers` of `@effect-avara/core`. */
export const load = (app) => {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      module.name = module.name.replace(/^packages\/(\w+)\/src\//, "$1/")
      const text = introductionOf(readFileSync(module.sources[0].fullFileName, "utf8"))
      module.comment ??= new Comment([{ kind: "text", text }])
    }
    for (const constructor of project.getReflectionsByKind(ReflectionKind.Constructor))
      project.removeReflection(constructor)
    for (const reflection of Object.values(project.reflections)) {
      withoutMachinery(reflection)
      nameCategory(reflection)
    }
  })
}
