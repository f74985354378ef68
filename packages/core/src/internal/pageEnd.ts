/** How much of a page is looked at; a longer cursor is found when the page is read. */
const length = 512

const more = '"hasMore"\\s*:\\s*true'

const cursor = '"cursor"\\s*:\\s*"([!#-[\\]-~]+)"'

const ends = [`${more}\\s*,\\s*${cursor}`, `${cursor}\\s*,\\s*${more}`].map(
  (fields) => new RegExp(`,\\s*${fields}\\s*\\}\\s*$`)
)

/**
 * Where a page goes on, if the end of its JSON says so.
 *
 * No quote stands in a JSON text without an escape, and the last brace is the page's own, so that this is what the page says if it is JSON
 * at all.
 *
 * @internal
 */
export const cursorAtEnd = (page: Uint8Array): string | undefined => {
  const text = new TextDecoder().decode(page.subarray(-length))
  return ends.map((end) => end.exec(text)?.[1]).find((found) => found !== undefined)
}
