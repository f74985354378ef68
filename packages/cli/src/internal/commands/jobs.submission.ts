import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import type { JobId } from "@effect-avara/jobs/Job"
import * as Jobs from "@effect-avara/jobs/Jobs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

interface MirrorOptions {
  readonly into?: string
  readonly verify?: "overlap" | "none"
}

/** The work for a job, as given on the command line. */
export type Submission =
  | ({ readonly kind: "import" } & Jobs.ImportOptions)
  | ({ readonly kind: "bulk"; readonly command: string } & Jobs.BulkOptions)
  | ({ readonly kind: "mirror" } & MirrorOptions)

/** Returns the options of a mirror, with its default table. */
export const mirrorOf = ({ into = "avara_customers", verify }: MirrorOptions): Jobs.MirrorOptions => ({
  table: into,
  verify
})

const platform = Layer.merge(NodeFileSystem.layer, NodePath.layer)

/** Writes the work to the database. */
export const submitted = (submission: Submission): Effect.Effect<JobId, Jobs.SubmitError, Jobs.Jobs> =>
  Effect.flatMap(Jobs.Jobs, ({ submitBulk, submitImport, submitMirror }) => {
    switch (submission.kind) {
      case "import":
        return Effect.provide(submitImport(submission), platform)
      case "bulk":
        return Effect.provide(submitBulk(submission), platform)
      case "mirror":
        return submitMirror(mirrorOf(submission))
    }
  })

/** Returns the words of the command that only submits the work. */
export const submitCommand = (submission: Submission): ReadonlyArray<string> => {
  switch (submission.kind) {
    case "import":
      return ["submit", "import", submission.file]
    case "bulk":
      return ["submit", "bulk", submission.command, submission.file]
    case "mirror":
      return ["submit", "mirror", ...(submission.into === undefined ? [] : ["--into", submission.into])]
  }
}
