/** A long test's count at the scale of this run: 1, or what `AVARA_TEST_SCALE` says. */
export const scaled = (count: number): number =>
  Math.max(1, Math.round(count * Number(process.env["AVARA_TEST_SCALE"] ?? "1")))
