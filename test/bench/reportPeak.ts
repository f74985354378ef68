/** Makes the process of any program write its peak memory to file descriptor 3 when it ends. */
import { writeSync } from "node:fs"
import { peakMemory } from "./peakMemory.js"

process.once("exit", () => writeSync(3, String(peakMemory())))
