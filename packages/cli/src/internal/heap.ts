import { setFlagsFromString } from "node:v8"

// V8 would let the garbage of a long list grow to hundreds of MB, and would keep what Effect's streams drop as if it lived long.
setFlagsFromString("--heap-growing-percent=20")
setFlagsFromString("--no-allocation-site-pretenuring")
