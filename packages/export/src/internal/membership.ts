interface Said {
  /** The server's own words, or its code. */
  readonly detail?: string
}

const user = "(?:(?:the |this )?user (?:is |was |has )?)?"

const member = new RegExp(`^${user}(?:been )?already[ _](?:been )?(?:assigned|added|(?:a )?member)\\b`, "i")

const noMember = new RegExp(`^(?:membership_not_found|${user}not (?:assigned|a member))\\b`, "i")

/** A seat that another user has is no membership. */
const ofAnother = /\b(?:an?other|different|else)\b/i

const says =
  (words: RegExp) =>
  ({ detail = "" }: Said): boolean =>
    words.test(detail) && !ofAnother.test(detail)

/** Whether a refusal says that the user is a member already, and nothing else. @internal */
export const saysMember = says(member)

/** Whether a refusal says that the user is no member, and nothing else. @internal */
export const saysNoMember = says(noMember)
