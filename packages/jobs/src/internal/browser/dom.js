/** @typedef {Readonly<Record<string, string | number | boolean | ((event: Event) => void)>>} Attributes */

/**
 * @template {Element} A
 * @param {A} element
 * @param {Attributes} attributes
 * @param {ReadonlyArray<Node | string>} children Text stays text: it is never parsed as HTML.
 * @returns {A}
 */
const fill = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value)
    else if (typeof value === "boolean") element.toggleAttribute(name, value)
    else element.setAttribute(name, String(value))
  }
  element.append(...children)
  return element
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {ReadonlyArray<Node | string>} children
 */
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children)

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {ReadonlyArray<Node | string>} children
 */
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children)

/**
 * Returns the first element that the selector matches.
 *
 * @template {Element} A
 * @param {string} selector
 * @param {new () => A} type
 * @param {ParentNode} within
 * @returns {A}
 */
export const find = (selector, type, within = document) => {
  const element = within.querySelector(selector)
  if (element instanceof type) return element
  throw new Error(`the page has no ${selector}`)
}

/**
 * Replaces the children if their state has changed, and keeps the focus on the child with the same `data-key`.
 *
 * @param {HTMLElement} container
 * @param {unknown} state The data that the children show.
 * @param {() => ReadonlyArray<Node | string>} children
 */
export const redraw = (container, state, children) => {
  const text = JSON.stringify(state)
  if (drawn.get(container) === text) return
  drawn.set(container, text)
  const focused = document.activeElement
  const key = focused instanceof HTMLElement && container.contains(focused) ? focused.dataset["key"] : undefined
  container.replaceChildren(...children())
  if (key === undefined) return
  const again = container.querySelector(`[data-key="${CSS.escape(key)}"]`)
  if (again instanceof HTMLElement) again.focus()
}

/** @type {WeakMap<HTMLElement, string>} */
const drawn = new WeakMap()

/**
 * @param {string} label
 * @param {() => void} onClick
 * @param {Attributes} attributes
 */
export const button = (label, onClick, attributes = {}) =>
  h("button", { type: "button", "data-key": label, click: onClick, ...attributes }, label)
