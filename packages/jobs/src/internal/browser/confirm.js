import { find } from "./dom.js"

const dialog = find("#confirm", HTMLDialogElement)
const yes = find("#confirm-yes", HTMLButtonElement)

/**
 * Asks for confirmation, and resolves to whether the person confirmed.
 *
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text
 * @param {string} question.label The text of the button that confirms.
 * @param {boolean} question.isDanger
 * @returns {Promise<boolean>}
 */
export const confirm = ({ isDanger, label, text, title }) => {
  find("#confirm-title", HTMLElement).textContent = title
  find("#confirm-text", HTMLElement).textContent = text
  yes.textContent = label
  yes.className = isDanger ? "danger" : "primary"
  dialog.returnValue = "back"
  dialog.showModal()
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true })
  )
}
