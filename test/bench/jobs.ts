/** What a consumer of a page does: waits for a timer, or keeps the processor busy. */
export type Consumer = "timer" | "busy"

/** What a worker is asked to do. */
export type Job =
  | { readonly kind: "export"; readonly by: "customer" | "effect" | "page" }
  | { readonly kind: "consume"; readonly consumer: Consumer; readonly milliseconds: number }
  | { readonly kind: "retrieve"; readonly customers: number; readonly operations: number; readonly concurrency: number }
  | { readonly kind: "ndjson"; readonly file: string }
  | { readonly kind: "decode"; readonly rounds: number }

/** What a worker measured. */
export interface Measured {
  /** Wall time in ms. */
  readonly wall: number
  /** Processor time of the whole process in ms. */
  readonly cpu: number
  /** The most memory that the process ever had, in bytes. */
  readonly peakMemory: number
  /** How many customers came that are the server's, each counted once. */
  readonly distinct: number
  /** How many customers came. */
  readonly total: number
  /** Further times in ms. */
  readonly times?: Readonly<Record<string, number>>
}

/** A worker's answer to a job. */
export type Reply = { readonly measured: Measured } | { readonly failed: string }
