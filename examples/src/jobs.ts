/** An import as a durable job: this program is client and worker, and keeps the jobs in memory. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Jobs } from "@effect-avara/jobs"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"

const rows = ["expressCustomerName", "Harbor Clinic", "Hillside Clinic", '""', "Lakeview Clinic"]

/** Writes a file whose third row is invalid, imports it, and returns the result. */
const importClinics = Effect.gen(function* () {
  const files = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const jobs = yield* Jobs.Jobs
  const file = path.join(yield* files.makeTempDirectoryScoped(), "clinics.csv")
  yield* files.writeFileString(file, rows.map((row) => `${row}\n`).join(""))

  const id = yield* jobs.submitImport({ file })
  yield* Stream.runDrain(jobs.watch(id))
  const { progress, state } = yield* jobs.status(id)
  const rejects = yield* Stream.runCollect(jobs.rejects(id))
  return {
    state,
    done: progress.done,
    rejected: Chunk.toReadonlyArray(rejects).map(({ issues, line }) => ({ line, issues }))
  }
}).pipe(Effect.scoped)

/** With `Jobs.layerPostgres`, any number of processes share the work; with `Jobs.layerSqlite`, it survives this one. */
const JobsLive = Layer.provideMerge(Jobs.layer, Jobs.layerMemory())

export const program = importClinics.pipe(Effect.provide([JobsLive, NodeFileSystem.layer, NodePath.layer]))
