import type { Page } from "playwright-core"

/** By how many pixels the page and its open dialogs overflow their width. */
export const overflow = (page: Page) =>
  page.evaluate(() => ({
    page: document.documentElement.scrollWidth - innerWidth,
    dialogs: [...document.querySelectorAll("dialog[open]")].map((dialog) => dialog.scrollWidth - dialog.clientWidth)
  }))

/** Texts whose contrast with their background is too low. */
export const faint = (page: Page) =>
  page.evaluate(() => {
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map((value) => {
        const part = Number(value) / 255
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const backOf = (element: Element | null): string => {
      if (element === null) return "rgb(255, 255, 255)"
      const { backgroundColor } = getComputedStyle(element)
      return /, 0\)$/.test(backgroundColor) ? backOf(element.parentElement) : backgroundColor
    }
    const hasText = (element: Element) =>
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "")
    return [...document.querySelectorAll("body *")]
      .filter((element) => hasText(element) && element.checkVisibility())
      .flatMap((element) => {
        const [dark = 0, light = 0] = [getComputedStyle(element).color, backOf(element)].map(luminance).sort()
        const contrast = (light + 0.05) / (dark + 0.05)
        return contrast < 4.5 ? [`${element.tagName} ${element.textContent?.trim()}: ${contrast.toFixed(1)}`] : []
      })
  })
