import { effect, flakyTest, it, layer, live, prop, scoped, scopedLive } from "@effect/vitest"

// `layer` leaves its own methods on the one `it` that all files of a worker share.
Object.assign(it, { effect, flakyTest, layer, live, prop, scoped, scopedLive })
