import ts from "typescript"

/** From where to where in a text, the end excluded. */
type Range = readonly [start: number, end: number]

const commentsOf = (text: string, node: ts.Node): ReadonlyArray<Range> =>
  [
    ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
    ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? [])
  ].map(({ end, pos }) => [pos, end])

const isText = (node: ts.Node): boolean =>
  (ts.isStringLiteral(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    ts.isTemplateHead(node) ||
    ts.isNoSubstitutionTemplateLiteral(node)) &&
  /\s/.test(node.getText())

const rangesOf = (file: ts.SourceFile): ReadonlyArray<Range> => {
  const ranges: Array<Range> = []
  const visit = (node: ts.Node): void => {
    ranges.push(...commentsOf(file.text, node))
    if (isText(node)) ranges.push([node.getStart() + 1, node.getEnd() - 1])
    for (const child of node.getChildren(file)) visit(child)
  }
  visit(file)
  return ranges
}

const codePattern = /```[\s\S]*?```|`[^`\n]*`|https?:\/\/\S+|^\s*\*(?!\/)|@\w+/gm

const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ")

/** The prose of a source, its comments and its texts, each character where it stands; all else is blank. */
export const proseOfSource = (path: string, text: string): string => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const prose = [...blank(text)]
  for (const [start, end] of rangesOf(file)) {
    const plain = text.slice(start, end).replaceAll(codePattern, blank)
    for (let index = 0; index < plain.length; index++) prose[start + index] = plain.charAt(index)
  }
  return prose.join("")
}
