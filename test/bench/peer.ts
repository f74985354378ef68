/** The common part of every peer's customers. */
export interface Identified {
  readonly expressCustomerId: string
}

/** The result of a consumer of pages; a promise makes the reader wait. */
export type Consumed = Promise<unknown> | undefined

/** One way to use the API; every peer does the same work. */
export interface Peer {
  /** Every customer of the list, one by one. */
  readonly eachCustomer: (use: (customer: Identified) => void) => Promise<void>
  /** Every customer of the list with an effect for each, if that differs. */
  readonly runForEach?: (use: (customer: Identified) => void) => Promise<void>
  /** Every page of the list; waits for the consumer. */
  readonly eachPage: (use: (customers: ReadonlyArray<Identified>) => Consumed) => Promise<void>
  /** Every page as the server sent it, if `eachPage` decodes it. */
  readonly eachReceivedPage?: (use: (customers: ReadonlyArray<unknown>) => Consumed) => Promise<void>
  /** One customer after the other, this many at a time. */
  readonly retrieve: (
    ids: ReadonlyArray<string>,
    concurrency: number,
    use: (customer: Identified) => void
  ) => Promise<void>
  /** Closes connections. */
  readonly close: () => Promise<void>
}

/** Creates a peer for the server at this URL. */
export type MakePeer = (baseUrl: string) => Peer

/** Runs the work for every item, this many at a time, for peers that have only promises. */
export const concurrently = async <A>(
  items: ReadonlyArray<A>,
  concurrency: number,
  work: (item: A) => Promise<void>
): Promise<void> => {
  const rest = items.values()
  const run = async () => {
    for (const item of rest) await work(item)
  }
  await Promise.all(Array.from({ length: concurrency }, run))
}
