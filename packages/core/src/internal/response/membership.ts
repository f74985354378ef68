import type { Membership } from "../../AvaraError.js"

const user = "(?:(?:the |this )?user (?:is |was |has )?)?"

const exists = new RegExp(`^${user}(?:been )?already[ _](?:been )?(?:assigned|added|(?:a )?member)\\b`, "i")

const missing = new RegExp(`^(?:membership_not_found|${user}not (?:assigned|a member))\\b`, "i")

/** These words refer to another user or customer. */
const ofAnother = /\b(?:another|different|else)\b/i

/** Returns whether a refusal says only that the user is already a member, or only that the user is not one. @internal */
export const membershipIn = (words: string): Membership | undefined => {
  if (ofAnother.test(words)) return undefined
  if (exists.test(words)) return "exists"
  return missing.test(words) ? "missing" : undefined
}
