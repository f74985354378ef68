import { button, redraw } from "./dom.js"

/**
 * Creates a pager. Each page continues after the last element of the previous page; `after` returns `undefined` on the first page.
 *
 * @template Cursor
 * @param {HTMLElement} container
 */
export const makePager = (container) => {
  /** @type {ReadonlyArray<Cursor>} */
  let cursors = []

  /** @param {ReadonlyArray<Cursor>} next */
  const goTo = (next) => {
    cursors = next
    dispatchEvent(new Event("refresh"))
  }

  return {
    after: () => cursors.at(-1),
    /** Goes back to the first page without loading it. */
    reset: () => {
      cursors = []
    },
    /** @param {Cursor | undefined} cursor The element to start after; by default, the first page is loaded. */
    restart: (cursor = undefined) => goTo(cursor === undefined ? [] : [cursor]),
    /** @param {Cursor | undefined} next The last element of this page, if there is another page. */
    draw: (next) => {
      container.hidden = cursors.length === 0 && next === undefined
      redraw(container, [cursors, next], () => [
        // A disabled button would lose the focus.
        button("Previous", () => cursors.length > 0 && goTo(cursors.slice(0, -1)), {
          "aria-disabled": String(cursors.length === 0)
        }),
        button("Next", () => next !== undefined && goTo([...cursors, next]), {
          "aria-disabled": String(next === undefined)
        })
      ])
    }
  }
}
