import { makeWith } from "./avara.js"

/** This library, asking for several pages at a time. */
export const make = makeWith({ parallel: 8 })
