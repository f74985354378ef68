/** Packs every package and checks what a user would install: contents, types, and each import under plain node. */
import { execFileSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { publint } from "publint"
import { formatMessage } from "publint/utils"
import { bundled, bundler } from "./bundles.js"
import { npmInstall } from "./npm.js"
import { packAll, type Tarball } from "./pack.js"
import { compilers, tools } from "./tools.js"
import { installedVersion, type Manifest, peersOf, readManifest, root, temporaryFolder } from "./workspace.js"

interface Packed {
  readonly folder: string
  readonly tarball: string
  readonly contents: string
  readonly manifest: Manifest
}

interface Imports {
  readonly allowed: ReadonlyArray<string>
  readonly refused: ReadonlyArray<string>
}

const temporary = temporaryFolder("packages")
const problems: Array<string> = []

const run = (file: string, args: ReadonlyArray<string>, cwd: string): string =>
  execFileSync(file, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 2 ** 26 })

const messageOf = (error: unknown): string => {
  const {
    stdout = "",
    stderr = "",
    message = String(error)
  }: { stdout?: string; stderr?: string; message?: string } = Object(error)
  return `${stdout}${stderr}`.trim() || message
}

const expectToRun = (title: string, file: string, args: ReadonlyArray<string>, cwd: string): void => {
  try {
    run(file, args, cwd)
  } catch (error) {
    problems.push(`${title}\n${messageOf(error)}`)
  }
}

const unpack = ({ folder, file }: Tarball): Packed => {
  const contents = file.replace(/\.tgz$/, "")
  mkdirSync(contents)
  run("tar", ["-xzf", file, "-C", contents, "--strip-components=1"], temporary)
  return { folder, tarball: file, contents, manifest: readManifest(contents) }
}

const filesUnder = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"))

const importsOf = ({ contents, manifest }: Packed): Imports => {
  const programs = Object.values(manifest.bin ?? {}).map((path) => path.replace(/^(\.\/)?dist\/|\.js$/g, ""))
  const modules = filesUnder(join(contents, "dist"))
    .filter((path) => path.endsWith(".js"))
    .map((path) => path.slice(0, -".js".length))
  const isPrivate = (path: string) => path.startsWith("internal/") || programs.includes(path)
  const specifier = (path: string) => `${manifest.name}/${path}`
  return {
    allowed: [manifest.name, ...modules.filter((path) => path !== "index" && !isPrivate(path)).map(specifier)],
    refused: modules.filter(isPrivate).map(specifier)
  }
}

const checkContents = ({ contents, manifest }: Packed): void => {
  const text = readFileSync(join(contents, "package.json"), "utf8")
  for (const leak of ["@effect-avara/source", "workspace:", "catalog:", "devDependencies"]) {
    if (text.includes(leak)) problems.push(`${manifest.name}: the packed package.json has ${leak}`)
  }
  for (const field of ["repository", "homepage", "bugs", "keywords", "author", "engines"]) {
    if (!(field in JSON.parse(text))) problems.push(`${manifest.name}: the packed package.json has no ${field}`)
  }
  const files = filesUnder(contents)
  for (const file of files.filter((path) => path.endsWith(".d.ts"))) {
    if (readFileSync(join(contents, file), "utf8").includes("@internal")) {
      problems.push(`${manifest.name}: ${file} declares what is marked @internal`)
    }
  }
  for (const file of files.filter((path) => /\.(tsbuildinfo|tgz|log)$|(^|\/)test\//.test(path))) {
    problems.push(`${manifest.name}: packs ${file}`)
  }
  for (const file of ["LICENSE", "README.md", "CHANGELOG.md", "dist/index.js", "dist/index.d.ts"]) {
    if (!files.includes(file)) problems.push(`${manifest.name}: packs no ${file}`)
  }
}

const checkPublint = async ({ manifest, tarball }: Packed): Promise<void> => {
  const bytes = new Uint8Array(readFileSync(tarball))
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true })
  for (const message of messages) problems.push(`${manifest.name}: publint: ${formatMessage(message, pkg)}`)
}

const checkTypesResolve = (packed: Packed): void => {
  const subpaths = importsOf(packed).allowed.map((specifier) => specifier.replace(packed.manifest.name, "."))
  const options = ["--profile", "esm-only", "--no-definitely-typed", "--no-color", "--no-emoji"]
  const attw = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js")
  const args = [attw, packed.tarball, ...options, "--entrypoints", ...subpaths]
  expectToRun(`${packed.manifest.name}: types`, process.execPath, args, temporary)
}

const installConsumer = async (all: ReadonlyArray<Packed>): Promise<string> => {
  const consumer = join(temporary, "consumer")
  const peers = all.flatMap(({ folder }) => [
    ...peersOf(folder),
    ...Object.keys(readManifest(folder).devDependencies ?? {})
      .filter((name) => !name.startsWith("@types/"))
      .map((name) => [name, installedVersion(folder, name)] as const)
  ])
  const own = all.map(({ manifest, tarball }): [string, string] => [manifest.name, `file:${tarball}`])
  const dependencies = { ...Object.fromEntries([...peers, ...own]), ...tools }
  await npmInstall(consumer, dependencies)
  return consumer
}

const importer = (imports: ReadonlyArray<Imports>): string => `
const problems = []
for (const specifier of ${JSON.stringify(imports.flatMap((_) => _.allowed))}) {
  await import(specifier).catch((error) => problems.push("cannot import " + specifier + ": " + error))
}
for (const specifier of ${JSON.stringify(imports.flatMap((_) => _.refused))}) {
  try {
    import.meta.resolve(specifier)
    problems.push(specifier + " must not be importable")
  } catch {}
}
console.error(problems.join("\\n"))
process.exit(problems.length === 0 ? 0 : 1)
`

// A program in CommonJS can require them only if no module that they import waits at its top level.
const requirer = (imports: ReadonlyArray<Imports>): string => `
for (const specifier of ${JSON.stringify(imports.flatMap((_) => _.allowed))}) require(specifier)
`

const checkImports = (all: ReadonlyArray<Packed>, consumer: string): void => {
  const script = join(consumer, "imports.js")
  writeFileSync(script, importer(all.map(importsOf)))
  expectToRun("imports", process.execPath, [script], consumer)
  const required = join(consumer, "requires.cjs")
  writeFileSync(required, requirer(all.map(importsOf)))
  expectToRun("require()", process.execPath, [required], consumer)
}

const checkPrograms = (all: ReadonlyArray<Packed>, consumer: string): void => {
  for (const { manifest } of all) {
    for (const name of Object.keys(manifest.bin ?? {})) {
      expectToRun(`${name} --help`, join(consumer, "node_modules/.bin", name), ["--help"], consumer)
    }
  }
}

const pageReader = `
import { Emulator } from "@effect-avara/emulator"
import * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"

const paths = ["/", "/docs", "/__emulator/page/main.js", "/__emulator/page/style.css"]
const read = Effect.forEach(paths, (path) => Effect.map(HttpClient.get("https://emulator" + path), ({ status }) => status))
const statuses = await Effect.runPromise(Effect.provide(read, Emulator.layerHttpClient()))
if (statuses.some((status) => status !== 200)) throw new Error(paths + " give " + statuses)
`

const jobsPageReader = `
import { Jobs, JobsPage } from "@effect-avara/jobs"
import * as HttpApp from "@effect/platform/HttpApp"
import * as Effect from "effect/Effect"

const paths = ["/", "/page/main.js", "/page/style.css"]
const app = await Effect.runPromise(JobsPage.app())
const respond = HttpApp.toWebHandler(Effect.provideService(app, Jobs.Jobs, {}))
const requests = paths.map((path) => new Request("http://localhost" + path, { headers: { host: "localhost" } }))
const statuses = (await Promise.all(requests.map((request) => respond(request)))).map(({ status }) => status)
if (statuses.some((status) => status !== 200)) throw new Error(paths + " give " + statuses)
`

const checkPages = (consumer: string): void => {
  for (const [name, reader] of Object.entries({ emulator: pageReader, jobs: jobsPageReader })) {
    const script = join(consumer, `page-of-${name}.js`)
    writeFileSync(script, reader)
    expectToRun(`the page of ${name}`, process.execPath, [script], consumer)
  }
}

// Leaving members out of the declarations must not remove the types of requirements.
const requirements = `
import { Export, Sink } from "@effect-avara/export"
import type * as Effect from "effect/Effect"
type Requirements<A> = A extends Effect.Effect<unknown, unknown, infer R> ? R : never
const toFile = () => Export.run({ sink: Sink.csv("customers.csv") })
const toTable = () => Export.run({ sink: Sink.sql() })
export const file: import("@effect/platform/FileSystem").FileSystem extends Requirements<ReturnType<typeof toFile>> ? true : false = true
export const table: import("@effect/sql/SqlClient").SqlClient extends Requirements<ReturnType<typeof toTable>> ? true : false = true
`

const resolutions = { nodenext: { module: "nodenext" }, bundler: { module: "esnext", moduleResolution: "bundler" } }

/** A compiler's errors about our own files and the settings, without errors in the files of other packages. */
const ownErrors = (output: string): ReadonlyArray<string> =>
  output.split("\n").filter((line) => /^(?:error |types\.ts\(|node_modules\/@effect-avara\/)/.test(line))

const compile = (consumer: string, compiler: string, settings: string): string => {
  try {
    return run(process.execPath, [`node_modules/${compiler}/bin/tsc`, "-p", settings, "--pretty", "false"], consumer)
  } catch (error) {
    const message = messageOf(error)
    return /error TS\d+/.test(message) ? message : `error ${message}`
  }
}

const checkDeclarations = (all: ReadonlyArray<Packed>, consumer: string): void => {
  const specifiers = all.flatMap((packed) => importsOf(packed).allowed)
  const imports = specifiers.map((specifier) => `export type {} from "${specifier}"\n`).join("")
  writeFileSync(join(consumer, "types.ts"), imports + requirements)
  for (const [name, resolution] of Object.entries(resolutions)) {
    const lib = ["es2022", "dom", "dom.iterable"]
    const options = { ...resolution, target: "es2022", lib, types: ["node"], strict: true, noEmit: true }
    const settings = `tsconfig.${name}.json`
    writeFileSync(join(consumer, settings), JSON.stringify({ compilerOptions: options, files: ["types.ts"] }))
    for (const compiler of compilers) {
      const errors = ownErrors(compile(consumer, compiler, settings))
      problems.push(...errors.map((error) => `${compiler}, ${name}: ${error}`))
    }
  }
}

const checkBundles = (consumer: string): void => {
  writeFileSync(join(consumer, "bundled.js"), bundled)
  writeFileSync(join(consumer, "bundler.js"), bundler)
  expectToRun("bundles", process.execPath, ["bundler.js"], consumer)
}

const check = async (): Promise<void> => {
  const all = packAll(temporary).map(unpack)
  for (const packed of all) {
    checkContents(packed)
    await checkPublint(packed)
    checkTypesResolve(packed)
  }
  const consumer = await installConsumer(all)
  checkImports(all, consumer)
  checkPrograms(all, consumer)
  checkPages(consumer)
  checkDeclarations(all, consumer)
  checkBundles(consumer)
  const names = all.map(({ manifest }) => `${manifest.name}@${manifest.version}`)
  console.log([...problems, `Packages: ${names.join(", ")}: ${problems.length} problems`].join("\n"))
}

await check()
process.exitCode = problems.length === 0 ? 0 : 1
