import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join, relative } from "node:path"
import ts from "typescript"
import { packageFolders, root } from "../scripts/workspace.js"

/** A block of TypeScript in a README, a page or a docstring; `line` is the number of its first line in `file`. */
export interface Example {
  readonly file: string
  readonly line: number
  readonly code: string
}

const sourcesOf = (folder: string): ReadonlyArray<string> =>
  existsSync(join(folder, "src"))
    ? readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => join(folder, "src", name))
    : []

const pagesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => relative(root, join(folder, name)))

/** The pages that people read, relative to the repository: the manual, the READMEs, and the other pages next to them. */
export const documents: ReadonlyArray<string> = [root, join(root, "docs"), ...packageFolders].flatMap(pagesIn)

const sources = packageFolders.flatMap(sourcesOf)

/** The modules that users import, relative to the repository. */
export const publicModules: ReadonlyArray<string> = sources
  .map((path) => relative(root, path))
  .filter((path) => !path.includes("/internal/"))

const blockPattern = /^([ \t]*(?:\* ?)?)```(?:ts|typescript)\b.*\n([\s\S]*?)^[ \t]*(?:\* ?)?```/gm

const withoutPrefix = (code: string, prefix: string): string =>
  prefix.includes("*") ? code.replaceAll(/^[ \t]*\* ?/gm, "") : code

const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length

const examplesIn = (path: string): ReadonlyArray<Example> => {
  const text = readFileSync(path, "utf8")
  return [...text.matchAll(blockPattern)].map(({ index, 1: prefix = "", 2: code = "" }) => ({
    file: relative(root, path),
    line: lineAt(text, index) + 1,
    code: withoutPrefix(code, prefix)
  }))
}

export const examples: ReadonlyArray<Example> = [...documents.map((path) => join(root, path)), ...sources].flatMap(
  examplesIn
)

const ownPattern = /https:\/\/github\.com\/effect-avara\/effect-avara\/(blob|tree)\/main\/([\w./@-]*\w)/g

/** The links to files and folders of this repository that do not exist. */
export const brokenLinks: ReadonlyArray<string> = [...documents.map((path) => join(root, path)), ...sources].flatMap(
  (path) =>
    [...readFileSync(path, "utf8").matchAll(ownPattern)]
      .filter(
        ([, kind, name = ""]) =>
          !existsSync(join(root, name)) || statSync(join(root, name)).isDirectory() !== (kind === "tree")
      )
      .map(([link]) => `${relative(root, path)}: ${link}`)
)

const compilerOptions = (): ts.CompilerOptions => {
  const config = join(root, "test/tsconfig.json")
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, ts.sys.readFile).config,
    ts.sys,
    join(root, "test")
  )
  return { ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false }
}

const virtualHost = (files: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost => {
  const host = ts.createCompilerHost(options)
  return {
    ...host,
    fileExists: (name) => files.has(name) || host.fileExists(name),
    readFile: (name) => files.get(name) ?? host.readFile(name),
    getSourceFile: (name, languageVersion) => {
      const text = files.get(name)
      return text === undefined
        ? host.getSourceFile(name, languageVersion)
        : ts.createSourceFile(name, text, languageVersion)
    }
  }
}

const messageOf = (example: Example, { file, messageText, start = 0 }: ts.Diagnostic): string => {
  const line = example.line + (file?.getLineAndCharacterOfPosition(start).line ?? 0)
  return `${example.file}:${line} ${ts.flattenDiagnosticMessageText(messageText, "\n")}`
}

/** TypeScript's diagnostics for each example, compiled in one program as if it were in the test folder. */
export const compile = (all: ReadonlyArray<Example>): ReadonlyArray<ReadonlyArray<string>> => {
  const options = compilerOptions()
  const names = all.map((_, index) => join(root, "test", `example-${index}.ts`))
  const files = new Map(all.map(({ code }, index) => [names[index] ?? "", code]))
  const program = ts.createProgram(names, options, virtualHost(files, options))
  return all.map((example, index) => {
    const file = program.getSourceFile(names[index] ?? "")
    return ts.getPreEmitDiagnostics(program, file).map((diagnostic) => messageOf(example, diagnostic))
  })
}

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)

const isType = (statement: ts.Statement): boolean =>
  ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)

const functionName = (statement: ts.Statement | undefined): string | undefined =>
  statement !== undefined && ts.isFunctionDeclaration(statement) ? statement.name?.text : undefined

const docstringOf = (text: string, statement: ts.Statement): string => {
  const comments = ts.getLeadingCommentRanges(text, statement.pos) ?? []
  const last = comments.at(-1)
  const comment = last === undefined ? "" : text.slice(last.pos, last.end)
  return comment.startsWith("/**") ? comment : ""
}

/** Each exported declaration of a module whose docstring lacks a tag, or whose example is not a block of TypeScript. */
export const undocumented = (module: string): ReadonlyArray<string> => {
  const text = readFileSync(join(root, module), "utf8")
  const { statements } = ts.createSourceFile(module, text, ts.ScriptTarget.Latest, true)
  return statements.flatMap((statement, index) => {
    const overloaded =
      functionName(statement) !== undefined && functionName(statement) === functionName(statements[index - 1])
    if (!isExported(statement) || overloaded) return []
    const docstring = docstringOf(text, statement)
    const required = isType(statement) ? ["@since"] : ["@since", "@category"]
    const missing = required.filter((tag) => !docstring.includes(tag))
    if (/@example(?!\s*\n[ \t]*\* ```ts)/.test(docstring)) missing.push("```ts after @example")
    const place = `${module}:${lineAt(text, statement.getStart())}`
    return missing.map((tag) => `${place} has no ${tag}`)
  })
}
