import { describe, expect, it } from "@effect/vitest"
import { membershipIn } from "../../src/internal/response/membership.js"

const member = [
  "already_assigned",
  "already assigned",
  "already_member",
  "The user is already assigned to this customer.",
  "User has already been added",
  "this user is already a member"
]

const noMember = [
  "membership_not_found",
  "The user is not assigned to this customer.",
  "user is not a member",
  "not assigned"
]

const neither = [
  "",
  "no seats left",
  "The seat is already assigned to another user",
  "already assigned to another user",
  "The user is already assigned to a different customer",
  "All seats are already assigned",
  "The user was already deactivated",
  "The user was not found",
  "The user is not active",
  "not allowed"
]

describe("a server's words about a membership", () => {
  for (const words of member) {
    it(`"${words}" means that it exists`, () => expect(membershipIn(words)).toBe("exists"))
  }
  for (const words of noMember) {
    it(`"${words}" means that it is missing`, () => expect(membershipIn(words)).toBe("missing"))
  }
  for (const words of neither) {
    it(`"${words}" means neither`, () => expect(membershipIn(words)).toBeUndefined())
  }
})
