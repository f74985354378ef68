/** Effect's language-service diagnostics over every project of the workspace; any error or warning fails. */
import { createRequire } from "node:module"
import { join } from "node:path"
import ts from "typescript"
import { packageFolders, root } from "./workspace.js"

type Transform = (
  program: ts.Program,
  config: unknown,
  host: { readonly ts: typeof ts; readonly addDiagnostic: (diagnostic: ts.Diagnostic) => void }
) => (context: unknown) => (file: ts.SourceFile) => ts.SourceFile

const { default: transform }: { readonly default: Transform } = createRequire(import.meta.url)(
  "@effect/language-service/transform.js"
)

const fail = (diagnostic: ts.Diagnostic): never => {
  throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"))
}

const readProject = (folder: string): ts.ParsedCommandLine => {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail }
  const project = ts.getParsedCommandLineOfConfigFile(join(folder, "tsconfig.json"), {}, host)
  if (project === undefined) throw new Error(`${folder} has no tsconfig.json`)
  return project
}

// Under NodeNext the diagnostics do not recognize `import * as Effect from "effect/Effect"`.
const bundled = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, noEmit: true }

const projects = [...packageFolders, ...["examples", "test", "test/browser"].map((folder) => join(root, folder))].map(
  readProject
)
const fileNames = projects.flatMap((project) => project.fileNames)
const program = ts.createProgram(fileNames, { ...readProject(join(root, "test")).options, ...bundled })

const configOf = ({ options }: ts.ParsedCommandLine): unknown => {
  const plugins: unknown = options["plugins"]
  return Array.isArray(plugins) ? plugins[0] : undefined
}

const diagnosticsOf = (project: ts.ParsedCommandLine): ReadonlyArray<ts.Diagnostic> => {
  const diagnostics: Array<ts.Diagnostic> = []
  const host = { ts, addDiagnostic: (diagnostic: ts.Diagnostic) => diagnostics.push(diagnostic) }
  const check = transform(program, configOf(project), host)({})
  const files = project.fileNames.map((name) => program.getSourceFile(name))
  for (const file of files) if (file !== undefined) check(file)
  return diagnostics
}

const found = projects.flatMap(diagnosticsOf)
const formatHost: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => "\n"
}
const report = ts.formatDiagnostics(found, formatHost).replaceAll(/ TS\d+: /g, ": ")
console.log(`${report}Effect diagnostics: ${fileNames.length} files, ${found.length} found`)
process.exitCode = found.length === 0 ? 0 : 1
