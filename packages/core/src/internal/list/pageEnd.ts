/** How much of a page is looked at; a longer cursor is found when the page is read. */
const length = 512

const decoder = new TextDecoder()

const more = '"hasMore"\\s*:\\s*true'

const cursor = '"cursor"\\s*:\\s*"([!#-[\\]-~]+)"'

const end = new RegExp(`,\\s*(?:${more}\\s*,\\s*${cursor}|${cursor}\\s*,\\s*${more})\\s*\\}\\s*$`)

/**
 * Where a page goes on, if the end of its JSON says so.
 *
 * No quote stands inside a JSON string without an escape, and the last brace is the page's own, so that this is what the page says if it
 * is JSON at all.
 *
 * @internal
 */
export const cursorAtEnd = (page: Uint8Array): string | undefined => {
  const [, last, secondLast] = end.exec(decoder.decode(page.subarray(-length))) ?? []
  return last ?? secondLast
}
