/**
 * A list passes through the memory, and little of it stays. V8 would let the garbage of a long one grow to several hundred MB before it
 * collects it, and would take what passes for long-lived: set before anything is allocated, and ignored by a V8 that has no such flags.
 */
import { setFlagsFromString } from "node:v8"

setFlagsFromString("--heap-growing-percent=20")
setFlagsFromString("--no-allocation-site-pretenuring")
