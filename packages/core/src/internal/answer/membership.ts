import type { Membership } from "../../AvaraError.js"

const user = "(?:(?:the |this )?user (?:is |was |has )?)?"

const exists = new RegExp(`^${user}(?:been )?already[ _](?:been )?(?:assigned|added|(?:a )?member)\\b`, "i")

const missing = new RegExp(`^(?:membership_not_found|${user}not (?:assigned|a member))\\b`, "i")

/** A seat that another user has is no membership. */
const ofAnother = /\b(?:another|different|else)\b/i

/** Whether a refusal says that the user is a member already, or is no member, and nothing else. @internal */
export const membershipIn = (words: string): Membership | undefined => {
  if (ofAnother.test(words)) return undefined
  if (exists.test(words)) return "exists"
  return missing.test(words) ? "missing" : undefined
}
