import type { BrokenPagination } from "@effect-avara/core"
import type { StorageFailed } from "@effect-avara/export/ExportError"
import type { Failure } from "../failure.js"
import { type SafeText, safe } from "../text.js"

/** The commands that can follow a failed export, and what the export left. */
export interface Next {
  readonly resume: SafeText
  readonly discard: SafeText
  readonly isKept: boolean
  readonly isResumed: boolean
}

const storageHints: Readonly<Record<StorageFailed["reason"], string>> = {
  full: "Free some space, then run:",
  denied: "Use another path, or change the permissions, then run:",
  readOnly: "Use another path, or make the file system writable, then run:",
  missing: "Use another path, or create the directory, then run:",
  directory: "Set --out to the path of a file in a directory.",
  name: "Set --out to a shorter name.",
  special: "Set --out to the path of a regular file, or to - for standard output.",
  occupied: "Move it away, then run:",
  other: "Fix the cause, then run:"
}

const kept = "The exported customers are kept. "

const keptHint = ({ isKept, isResumed, resume }: Next): SafeText | undefined =>
  isKept || isResumed ? safe`${isKept ? kept : ""}To continue:\n  ${resume}` : undefined

const storageHint = ({ reason }: StorageFailed, next: Next): SafeText => {
  const hint = `${next.isKept ? kept : ""}${storageHints[reason]}`
  // If the path itself is wrong, the same command would fail again.
  return hint.endsWith(":") ? safe`${hint}\n  ${next.resume}` : safe`${hint}`
}

/** Suggests `--discard` if a resumed run would fail again at the same place. */
const paginationHint = ({ reason }: BrokenPagination, next: Next): SafeText | undefined => {
  if (reason === "unverifiable") return safe`To export the list without this check, leave out --verify.`
  const isLost = reason === "shiftedList" || reason === "refusedCursor"
  return isLost ? safe`To discard the unfinished export and start again:\n  ${next.discard}` : keptHint(next)
}

/** Returns a hint about what the user can do next: a command that works. */
export const hintOf = (error: Failure, next: Next): SafeText | undefined => {
  switch (error._tag) {
    case "Unfinished":
      return safe`To continue it:\n  ${next.resume}\nTo discard it and start again:\n  ${next.discard}`
    case "CheckpointRefused": {
      const again =
        error.reason === "foreign" ? "Repeat the options of the unfinished export, or discard it" : "To discard it"
      return safe`${again} and start again:\n  ${next.discard}`
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

/** Returns a hint for an export to standard output, which keeps nothing. */
export const streamHint = ({ _tag }: Failure): SafeText | undefined =>
  _tag === "ReaderLeft" || _tag === "OutputFailed"
    ? undefined
    : safe`The list on standard output is not complete. Run the command again to read all of it.`
