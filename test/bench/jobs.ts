/** The behavior of a page's consumer: waits for a timer, or keeps the processor busy. */
export type Consumer = "timer" | "busy"

/** A job for a worker. */
export type Job =
  | { readonly kind: "export"; readonly by: "customer" | "effect" | "page" }
  | { readonly kind: "consume"; readonly consumer: Consumer; readonly milliseconds: number }
  | { readonly kind: "retrieve"; readonly customers: number; readonly operations: number; readonly concurrency: number }
  | { readonly kind: "ndjson"; readonly file: string }
  | { readonly kind: "decode"; readonly rounds: number }

/** The measurements of a worker. */
export interface Measured {
  /** Wall time in ms. */
  readonly wall: number
  /** Processor time of the whole process in ms. */
  readonly cpu: number
  /** The peak memory of the process, in bytes. */
  readonly peakMemory: number
  /** How many of the server's customers arrived, each counted once. */
  readonly distinct: number
  /** How many customers arrived. */
  readonly total: number
  /** Further times in ms. */
  readonly times?: Readonly<Record<string, number>>
}

/** A worker's response to a job. */
export type Reply = { readonly measured: Measured } | { readonly failed: string }
