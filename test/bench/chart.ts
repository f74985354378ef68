import { type Figure, type Findings, isAimReached, isMet, type Measurement } from "./figure.js"

const width = 920

const rowHeight = 24

const labelWidth = 430

const barWidth = 360

const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

const text = (x: number, y: number, content: string, attributes = ""): string =>
  `<text x="${x}" y="${y}" ${attributes}>${escapeText(content)}</text>`

const bar = (y: number, length: number, color: string): string => {
  const box = `x="${labelWidth}" y="${y + 4}" width="${Math.max(1, length).toFixed(1)}" height="${rowHeight - 8}"`
  return `<rect ${box} rx="2" fill="${color}"/>`
}

const row = (y: number, label: string, length: number, color: string, value: string): string =>
  [
    text(labelWidth - 8, y + 16, label, 'text-anchor="end"'),
    bar(y, length, color),
    text(labelWidth + Math.max(1, length) + 6, y + 16, value)
  ].join("")

const timeRow =
  (longest: number) =>
  ({ peer, sample, unit }: Measurement, y: number): string =>
    row(
      y,
      peer,
      (sample.median / longest) * barWidth,
      peer === "avara" ? "#2563eb" : "#94a3b8",
      `${sample.median.toFixed(0)} ${unit}`
    )

/** A figure relative to its bound: 1 is at the bound, less is better. */
const distance = ({ better, must, value }: Figure): number =>
  value === null ? 0 : better === "lower" ? value / must : must / value

/** The maximum length of a bar. */
const longestDistance = 2

const colorOf = (figure: Figure): string => {
  if (figure.isTooShort === true) return "#94a3b8"
  return isAimReached(figure) ? "#15803d" : isMet(figure) ? "#65a30d" : "#dc2626"
}

const figureRow = (figure: Figure, y: number): string => {
  const label =
    figure.unit === "ratio" && figure.peer !== undefined ? `${figure.title}: ${figure.peer.peer}` : figure.title
  const value =
    figure.value === null
      ? "not built"
      : `${figure.value.toFixed(2)}${figure.unit === "ratio" ? "x" : ` ${figure.unit}`}`
  return row(
    y,
    label,
    (Math.min(distance(figure), longestDistance) / longestDistance) * barWidth,
    colorOf(figure),
    value
  )
}

const panel = <A>(y: number, title: string, items: ReadonlyArray<A>, draw: (item: A, y: number) => string): string =>
  [text(16, y, title, 'font-weight="600"'), ...items.map((item, index) => draw(item, y + 10 + index * rowHeight))].join(
    "\n"
  )

/** The times of the full export by peer, and every figure relative to its bound. */
export const chart = ({ figures, measurements }: Findings): string => {
  const first = measurements[0]?.scenario ?? ""
  const times = measurements.filter(({ scenario }) => scenario === first)
  const longest = Math.max(...times.map(({ sample }) => sample.median))
  const top = 28
  const middle = top + 10 + times.length * rowHeight + 34
  const height = middle + 10 + figures.length * rowHeight + 20
  const must = labelWidth + barWidth / longestDistance
  const box = `viewBox="0 0 ${width} ${height}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box} font-family="sans-serif" font-size="12">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${panel(top, `${first} (shorter is better)`, times, timeRow(longest))}
${panel(middle, "figures against what they must be (left of the line is good)", figures, figureRow)}
<line x1="${must}" x2="${must}" y1="${middle + 8}" y2="${height - 16}" stroke="#0f172a" stroke-dasharray="4 3"/>
</svg>
`
}
