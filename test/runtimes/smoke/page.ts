/** The web page of the smoke programs. */
import { use } from "./web.js"

Object.assign(globalThis, { use })
