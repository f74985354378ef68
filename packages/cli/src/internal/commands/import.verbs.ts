import type { Operation } from "@effect-avara/export/Bulk"

/** What a bulk operation did. */
export const verbs: Readonly<Record<Operation, string>> = {
  deactivate: "Deactivated customers",
  reactivate: "Reactivated customers",
  addUsers: "Added users",
  removeUsers: "Removed users"
}
