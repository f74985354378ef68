/** Text with and without colour: every style gives its text back where there is none. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly yellow: (text: string) => string
}

const sgr = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`

export const colored: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39)
}

const same = (text: string) => text

export const plain: Style = { bold: same, dim: same, red: same, green: same, yellow: same }

const isColored = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY === true && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb"

export const styleOf = (stream: NodeJS.WriteStream): Style => (isColored(stream) ? colored : plain)

const defaultColumns = 80

export const columnsOf = (...streams: ReadonlyArray<NodeJS.WriteStream>): number =>
  streams.find(({ columns }) => columns > 0)?.columns ?? defaultColumns
