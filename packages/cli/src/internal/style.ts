import { type SafeText, safe } from "./text.js"

type Paint = (text: string | SafeText) => SafeText

/** Styles of text. Without color, every style returns its text unchanged. */
export interface Style {
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
}

const sgr =
  (open: number, close: number): Paint =>
  (text) =>
    safe`\u001b[${open}m${text}\u001b[${close}m`

export const colored: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39)
}

const same: Paint = (text) => safe`${text}`

export const plain: Style = { bold: same, dim: same, red: same, green: same, yellow: same }

const isColored = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY === true && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb"

export const styleOf = (stream: NodeJS.WriteStream): Style => (isColored(stream) ? colored : plain)

const defaultColumns = 80

export const columnsOf = (...streams: ReadonlyArray<NodeJS.WriteStream>): number =>
  streams.find(({ columns }) => columns > 0)?.columns ?? defaultColumns
