const openers = "{["

const closers = "}]"

/** The characters of JSON outside strings, except brackets. */
const tokens = " \t\r\n:,.+-0123456789Etruefalsn"

/** Checks whether the text is truncated JSON, with a string or bracket that is still open. @internal */
export const isCutShort = (text: string): boolean => {
  let depth = 0
  let isInString = false
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    if (isInString) {
      if (character === "\\") index++
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (openers.includes(character)) depth++
    else if (closers.includes(character)) depth--
    else if (!tokens.includes(character)) return false
  }
  return isInString || depth > 0
}
