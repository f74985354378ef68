import type { Sample } from "./statistics.js"

/** One thing measured for one peer. */
export interface Measurement {
  readonly scenario: string
  readonly peer: string
  readonly unit: string
  readonly sample: Sample
}

/** One row of the table of what must be reached. */
export interface Figure {
  readonly id: string
  readonly title: string
  readonly unit: "ratio" | "MB" | "kB"
  /** Whether a figure below the bound reaches it, or one above. */
  readonly better: "lower" | "higher"
  readonly must: number
  readonly aim: number
  /** Whether the run was too short to say whether the bound is met. */
  readonly isTooShort?: boolean
  /** None for what does not exist yet. */
  readonly value: number | null
  readonly ours?: Measurement
  readonly peer?: Measurement
}

/** What a scenario found. */
export interface Findings {
  readonly figures: ReadonlyArray<Figure>
  readonly measurements: ReadonlyArray<Measurement>
}

/** Everything that several scenarios found. */
export const merge = (findings: ReadonlyArray<Findings>): Findings => ({
  figures: findings.flatMap(({ figures }) => figures),
  measurements: findings.flatMap(({ measurements }) => measurements)
})

/** A figure without what was measured. */
export type Bounds = Pick<Figure, "id" | "title" | "better" | "must" | "aim">

/** A figure that compares two medians. */
export const ratio = (bounds: Bounds, ours: Measurement, peer: Measurement): Figure => ({
  ...bounds,
  unit: "ratio",
  value: ours.sample.median / peer.sample.median,
  ours,
  peer
})

const reaches = ({ better, value }: Figure, bound: number): boolean =>
  value !== null && (better === "lower" ? value <= bound : value >= bound)

/** Whether a figure is as good as it must be. */
export const isMet = (figure: Figure): boolean => reaches(figure, figure.must)

/** Whether a figure is as good as was aimed for. */
export const isAimReached = (figure: Figure): boolean => reaches(figure, figure.aim)
