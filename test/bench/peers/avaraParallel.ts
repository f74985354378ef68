import { makeWith } from "./avara.js"

/** This library, requesting several pages at a time. */
export const make = makeWith({ parallel: 8 })
