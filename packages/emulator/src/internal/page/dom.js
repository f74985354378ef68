/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string | boolean | ((event: Event) => void)>>} attributes
 * @param {ReadonlyArray<Node | string>} children Text stays text and is never read as HTML.
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const h = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value)
    else if (typeof value === "boolean") element.toggleAttribute(name, value)
    else element.setAttribute(name, value)
  }
  element.append(...children)
  return element
}

/**
 * Returns the element of the page with this id.
 *
 * @template {HTMLElement} A
 * @param {string} id
 * @param {new () => A} type
 * @returns {A}
 */
export const find = (id, type) => {
  const element = document.getElementById(id)
  if (element instanceof type) return element
  throw new Error(`the page has no ${id}`)
}

/**
 * Returns the control of a form with this name.
 *
 * @template {HTMLElement} A
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {new () => A} type
 * @returns {A}
 */
export const control = (form, name, type) => {
  const element = form.elements.namedItem(name)
  if (element instanceof type) return element
  throw new Error(`the form has no ${name}`)
}

/** Characters that are invisible or move other text: controls, directions and lone surrogates, but not those that join letters and emoji. */
const invisible =
  /([\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\ufff9-\ufffb]|(?!\u200c|\u200d|\ufe0e|\ufe0f)\p{Default_Ignorable_Code_Point})/u

/** @param {string} character */
const codeOf = (character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`

/**
 * Shows every second part, which is an invisible character, by its code point.
 *
 * @param {string} part
 * @param {number} index
 * @returns {Node | string}
 */
const named = (part, index) => (index % 2 === 0 ? part : h("span", { class: "code-point" }, codeOf(part)))

/**
 * Shows external text with its own direction and with its invisible characters named.
 *
 * @param {string} text
 */
export const shown = (text) => h("bdi", {}, ...text.split(invisible).map(named))

/**
 * Replaces the children and keeps the focus on the one with the same `data-key`.
 *
 * @param {HTMLElement} container
 * @param {ReadonlyArray<Node | string>} children
 */
export const replace = (container, ...children) => {
  const focused = document.activeElement
  const key = focused instanceof HTMLElement && container.contains(focused) ? focused.dataset["key"] : undefined
  container.replaceChildren(...children)
  if (key === undefined) return
  const again = container.querySelector(`[data-key="${CSS.escape(key)}"]`)
  if (again instanceof HTMLElement) again.focus()
}

/**
 * @param {string} label
 * @param {() => void} onClick
 * @param {Readonly<Record<string, string>>} attributes
 */
export const button = (label, onClick, attributes = {}) =>
  h("button", { type: "button", "data-key": label, click: onClick, ...attributes }, label)

/**
 * Creates a dialog with a form. If `submit` resolves to an error message, the dialog stays open.
 *
 * @param {string} id
 * @param {(form: HTMLFormElement) => Promise<string | undefined>} submit
 */
export const formDialog = (id, submit) => {
  const dialog = find(id, HTMLDialogElement)
  const form = dialog.querySelector("form")
  if (form === null) throw new Error(`${id} has no form`)
  const error = dialog.querySelector(".error")
  /** @param {string} message */
  const say = (message) => error?.replaceChildren(shown(message))
  let busy = false
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    if (busy) return
    busy = true
    const message = await submit(form)
    busy = false
    if (message === undefined) dialog.close()
    else say(message)
  })
  dialog.querySelector(".cancel")?.addEventListener("click", () => dialog.close())
  const open = () => {
    say("")
    dialog.showModal()
  }
  return { dialog, form, open }
}
