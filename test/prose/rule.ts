import type { TextlintRuleModule } from "@textlint/types"
import { words } from "./style.js"

/** Reports each word of the style that stands in prose: not in code, links' addresses or HTML. */
export const rule: TextlintRuleModule = (context) => {
  const { Syntax, RuleError, getSource, locator, report } = context
  const code: Array<readonly [number, number]> = []
  const skip = ({ range }: { readonly range: readonly [number, number] }) => {
    code.push(range)
  }
  return {
    [Syntax.Code]: skip,
    [Syntax.CodeBlock]: skip,
    [Syntax.Html]: skip,
    [Syntax.DocumentExit](document) {
      const text = getSource(document)
      for (const { instead, pattern } of words) {
        for (const match of text.matchAll(new RegExp(pattern, `${pattern.flags}g`))) {
          const range = [match.index, match.index + match[0].length] as const
          if (code.some(([start, end]) => range[0] < end && start < range[1])) continue
          report(
            document,
            new RuleError(`"${match[0].replaceAll(/\s+/g, " ")}": write ${instead}`, { padding: locator.range(range) })
          )
        }
      }
    }
  }
}
