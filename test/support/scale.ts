/** A long test's count at the scale of this run: a hundredth in `pnpm test`, whole in `pnpm test:long`, anything by `AVARA_TEST_SCALE`. */
export const scaled = (count: number): number =>
  Math.max(1, Math.round(count * Number(process.env["AVARA_TEST_SCALE"] ?? "0.01")))
