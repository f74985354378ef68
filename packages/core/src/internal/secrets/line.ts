const maxLength = 200

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it takes out
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g

/** On one line, and with one form for each letter, so that a ligature or a letter in a circle is its letters. @internal */
export const oneLine = (text: string): string => text.normalize("NFKC").replace(controlCharacters, " ")

/** As much of a text as an error shows. @internal */
export const shorten = (text: string): string => (text.length > maxLength ? `${text.slice(0, maxLength)}…` : text)
