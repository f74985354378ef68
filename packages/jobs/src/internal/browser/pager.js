import { button, redraw } from "./dom.js"

/**
 * Pages that go on after the last element of the page before. `after` is undefined on the first page.
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
    /** Begins with the first page, whenever that is loaded. */
    reset: () => {
      cursors = []
    },
    /** @param {Cursor | undefined} cursor Where to begin instead of at the first element. */
    restart: (cursor = undefined) => goTo(cursor === undefined ? [] : [cursor]),
    /** @param {Cursor | undefined} next The last element of this page, if there is another page. */
    draw: (next) => {
      container.hidden = cursors.length === 0 && next === undefined
      redraw(container, [cursors, next], () => [
        // A button that is disabled would lose the focus.
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
