const maxLength = 200

// biome-ignore lint/suspicious/noControlCharactersInRegex: it removes control characters
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g

/** Puts text on one line and normalizes its characters, so that ligatures and circled letters become plain letters. @internal */
export const oneLine = (text: string): string => text.normalize("NFKC").replace(controlCharacters, " ")

/** Shortens text to the length that errors show. @internal */
export const shorten = (text: string): string => (text.length > maxLength ? `${text.slice(0, maxLength)}…` : text)
