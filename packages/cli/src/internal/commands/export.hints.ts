import type { BrokenPagination } from "@effect-avara/core"
import type { StorageFailed } from "@effect-avara/export/ExportError"
import type { Failure } from "../failure.js"
import { type SafeText, safe } from "../text.js"

/** The commands that a failed export can be followed by, and what it left. */
export interface Next {
  readonly resume: SafeText
  readonly discard: SafeText
  readonly isKept: boolean
  readonly isResumed: boolean
}

const storageHints: Readonly<Record<StorageFailed["reason"], string>> = {
  full: "Free some space, then run:",
  denied: "Give another path, or change the permissions, then run:",
  readOnly: "Give another path, or make the file system writable, then run:",
  missing: "Give another path, or create the directory, then run:",
  directory: "Give --out the path of a file in a directory.",
  name: "Give --out a shorter name.",
  special: "Give --out the path of a regular file, or - for standard output.",
  occupied: "When it is moved away, run:",
  other: "When the cause is gone, run:"
}

const keptHint = ({ isKept, isResumed, resume }: Next): SafeText | undefined =>
  isKept || isResumed ? safe`${isKept ? "What was exported is kept. " : ""}To go on:\n  ${resume}` : undefined

const storageHint = ({ reason }: StorageFailed, next: Next): SafeText => {
  const kept = next.isKept ? "What was exported is kept. " : ""
  const hint = `${kept}${storageHints[reason]}`
  // The command as it was would fail again where the path itself is wrong.
  return hint.endsWith(":") ? safe`${hint}\n  ${next.resume}` : safe`${hint}`
}

/** A resumed run would break the list at the same place again. */
const paginationHint = ({ reason }: BrokenPagination, next: Next): SafeText | undefined => {
  if (reason === "unverifiable") return safe`Leave out --verify to export the list as the server pages it.`
  const isLost = reason === "shiftedList" || reason === "refusedCursor"
  return isLost ? safe`To drop what was exported and begin again:\n  ${next.discard}` : keptHint(next)
}

/** What the user can do now: a command that works. */
export const hintOf = (error: Failure, next: Next): SafeText | undefined => {
  switch (error._tag) {
    case "Unfinished":
      return safe`To go on with it:\n  ${next.resume}\nTo drop it and begin again:\n  ${next.discard}`
    case "CheckpointRefused": {
      const again = error.reason === "foreign" ? "Repeat the options of the run that stopped, or drop it" : "To drop it"
      return safe`${again} and begin again:\n  ${next.discard}`
    }
    case "StorageFailed":
      return "path" in error ? storageHint(error, next) : keptHint(next)
    case "BrokenPagination":
      return paginationHint(error, next)
    case "Locked":
      return error.lost === true ? keptHint(next) : undefined
    case "EndedWith":
    case "ReaderLeft":
    case "OutputFailed":
      return undefined
    default:
      return keptHint(next)
  }
}

/** What is left to say where nothing is kept. */
export const streamHint = ({ _tag }: Failure): SafeText | undefined =>
  _tag === "ReaderLeft" || _tag === "OutputFailed"
    ? undefined
    : safe`The list on standard output is not complete; run the command again to read all of it.`
