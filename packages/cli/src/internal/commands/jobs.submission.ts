import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import type { JobId } from "@effect-avara/jobs/Job"
import * as Jobs from "@effect-avara/jobs/Jobs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

interface MirrorOptions {
  readonly table?: string
  readonly verify?: "overlap" | "none"
}

/** The work that is handed over, as the command line says it. */
export type Submission =
  | ({ readonly kind: "import" } & Jobs.ImportOptions)
  | ({ readonly kind: "bulk" } & Jobs.BulkOptions)
  | ({ readonly kind: "mirror" } & MirrorOptions)

/** What a mirror is, with the table that it has by default. */
export const mirrorOf = ({ table = "avara_customers", verify }: MirrorOptions): Jobs.MirrorOptions => ({
  table,
  verify
})

const platform = Layer.merge(NodeFileSystem.layer, NodePath.layer)

/** Writes the work into the database. */
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
