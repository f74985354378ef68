/** Returns the code blocks of a language in a page, without their fences. */
export const blocksOf = (text: string, language: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms")), ([, code = ""]) => code)
