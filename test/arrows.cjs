/** Which imports are allowed, types included: `pnpm lint` fails on one that runs back. Biome finds circles. */

/** The packages; one imports only packages of the lines above its own. */
const packages = [["core"], ["node", "emulator", "export"], ["jobs"], ["cli"]]

/** The services of the core, which nothing internal imports. */
const services = ["index", "Avara", "AvaraClient", "Customers", "CustomerUsers", "Pagination"]

/** The folders of the core; one imports only from those below it. */
const rooms = [
  "operation",
  "list",
  "call",
  "observe",
  "response",
  "request",
  "settings",
  "transport",
  "decode",
  "secrets",
  "limiter",
  "platform"
]

/** What the public models of the core, which every room may import, import of the rooms themselves. */
const roomsOfModels = ["decode", "limiter", "platform"]

const core = "^packages/core/src/"

const oneOf = (names) => `(?:${names.join("|")})`

const inRooms = (names) => `${core}internal/${oneOf(names)}/`

const serviceFiles = `${core}${oneOf(services)}\\.ts$`

const version = `${core}internal/version\\.ts$`

const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to })

const betweenPackages = packages.flatMap((level, index) =>
  level.map((name) =>
    rule(
      `package-${name}`,
      `${name} may import ${packages.slice(0, index).flat().join(", ") || "no other package"}.`,
      { path: `^packages/${name}/src/` },
      {
        path: "^packages/",
        pathNot: `^packages/(?:${oneOf([...packages.slice(0, index).flat(), name])}/src/|[^/]+/node_modules/)`
      }
    )
  )
)

const betweenRooms = (folder, names) =>
  names
    .slice(1)
    .map((name, index) =>
      rule(
        `room-${name}`,
        `${name} stands below ${names[index]}.`,
        { path: `${folder}${name}/` },
        { path: `${folder}${oneOf(names.slice(0, index + 1))}/` }
      )
    )

/** The folders of the jobs; one imports only from those below it. */
const roomsOfJobs = ["page", "worker", "rows", "run", "mirror", "store", "database"]

const jobs = "^packages/jobs/src/internal/"

/** Its path leads to the files of the browser, from the sources and from a bundle. */
const pageFiles = `${jobs}pageFiles\\.ts$`

module.exports = {
  forbidden: [
    ...betweenPackages,
    ...betweenRooms(`${core}internal/`, rooms),
    ...betweenRooms(jobs, roomsOfJobs),
    rule(
      "unknown-room-of-jobs",
      "A new folder gets its place in the list of rooms.",
      { path: jobs },
      { path: jobs, pathNot: [`${jobs}${oneOf([...roomsOfJobs, "browser"])}/`, pageFiles] }
    ),
    rule(
      "unknown-room",
      "A new folder gets its place in the list of rooms.",
      { path: `${core}internal/` },
      {
        path: `${core}internal/`,
        pathNot: [inRooms(rooms), version]
      }
    ),
    rule("service", "Nothing internal imports a service.", { path: `${core}internal/` }, { path: serviceFiles }),
    rule(
      "model",
      "A public model is below the rooms.",
      { path: `${core}[^/]+$`, pathNot: serviceFiles },
      {
        path: `${core}internal/`,
        pathNot: inRooms(roomsOfModels)
      }
    ),
    rule(
      "model-service",
      "A public model imports no service.",
      { path: `${core}[^/]+$`, pathNot: serviceFiles },
      {
        path: serviceFiles
      }
    ),
    rule("unresolved", "An import that is not found would escape the other rules.", {}, { couldNotResolve: true })
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@effect-avara/source", "import", "types", "default"]
    }
  }
}
