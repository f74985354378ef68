/** The words that a reader stumbles over, and what to write instead. `pnpm lint` fails on each. */
export interface Word {
  readonly pattern: RegExp
  readonly instead: string
}

export const words: ReadonlyArray<Word> = [
  { pattern: /\banswer(?:s|ed|ing)?\b/i, instead: "a server responds with a response; a function returns" },
  { pattern: /\b(?:go|goes|going|went|gone)\s+on\s+(?!call\b)/i, instead: "continue, or resume" },
  { pattern: /\b(?:is|are|was|were|be|been|being) had\b/i, instead: "receive, get or have, in the active voice" },
  { pattern: /\ban own\b/i, instead: "your own, its own, or a custom" },
  {
    pattern: /\bg[ai]ve[sn]? back\b|\bgiving back\b/i,
    instead: "return, or name what happens: truncate, free, release"
  },
  { pattern: /\bso many\b/i, instead: "name the number, or its parameter" },
  {
    pattern: /(?<!\b(?:one|two|some|each|all|both|none|most|any)),? of which\b(?! (?:customer|row|file))/i,
    instead: "a sentence of its own"
  },
  { pattern: /\bsuch as (?:is|are|it is|they are)\b/i, instead: "like, or an example" },
  { pattern: /\blet(?:s|ting)? go of\b/i, instead: "release" },
  {
    pattern: /\b(?:whoever|whatsoever|whilst|thereof|therein|thereby|hereby|wherein|hence|nought|till)\b/i,
    instead: "plain words"
  },
  {
    pattern:
      /(?<=^|[.!?:]\s|\*\*\s?|\/\*\*\s|\/\/\s)(?:Who|What) (?!happens when)(?:\w+s|was|had|did|ended|begun|stopped)\b(?![^.\n]*\?)/m,
    instead: "begin with the noun that you mean"
  },
  { pattern: /\b(?:nor|neither) (?:is|are|was|has|have|does|do|did|can|will)\b/i, instead: "subject, verb, object" },
  {
    pattern:
      /\b(?:behaviour|colour|favour|honour|centre|licence|grey|\w+(?:ogni|ani|iti|orma|ali)s(?:e|ed|es|ing|ation))\b/i,
    instead: "American spelling"
  }
]
