import type { Operation } from "@effect-avara/export/Bulk"

/** The titles of a summary, by bulk operation. */
export const verbs: Readonly<Record<Operation, string>> = {
  deactivate: "Deactivated customers",
  reactivate: "Reactivated customers",
  addUsers: "Added users",
  removeUsers: "Removed users"
}
