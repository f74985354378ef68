import { describe, expect, it } from "@effect/vitest"
import { saysMember, saysNoMember } from "../../src/internal/membership.js"

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
  "The user is already assigned to a different customer",
  "All seats are already assigned",
  "The user was already deactivated",
  "The user was not found",
  "The user is not active",
  "not allowed"
]

describe("what a server says of a membership", () => {
  for (const detail of member) {
    it(`"${detail}" says that there is one`, () =>
      expect([saysMember({ detail }), saysNoMember({ detail })]).toEqual([true, false]))
  }
  for (const detail of noMember) {
    it(`"${detail}" says that there is none`, () =>
      expect([saysMember({ detail }), saysNoMember({ detail })]).toEqual([false, true]))
  }
  for (const detail of neither) {
    it(`"${detail}" says neither`, () =>
      expect([saysMember({ detail }), saysNoMember({ detail })]).toEqual([false, false]))
  }
  it("says nothing without words", () => expect([saysMember({}), saysNoMember({})]).toEqual([false, false]))
})
