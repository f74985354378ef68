/** Scales the count of a long test: by 1, or by `AVARA_TEST_SCALE`. */
export const scaled = (count: number): number =>
  Math.max(1, Math.round(count * Number(process.env["AVARA_TEST_SCALE"] ?? "1")))
