import { setFlagsFromString } from "node:v8"

// V8 would let the garbage of a long list grow to hundreds of MB.
setFlagsFromString("--heap-growing-percent=20")
