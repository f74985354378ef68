/** What every peer's customer has in common. */
export interface Identified {
  readonly expressCustomerId: string
}

/** What a consumer of pages returns if it wants to be waited for. */
export type Consumed = Promise<unknown> | undefined

/** One way to use the API, doing the same work as every other one. */
export interface Peer {
  /** Every customer of the list, one by one. */
  readonly eachCustomer: (use: (customer: Identified) => void) => Promise<void>
  /** Every customer of the list, with an effect for each, where that is another way. */
  readonly runForEach?: (use: (customer: Identified) => void) => Promise<void>
  /** Every page of the list, waiting for the consumer. */
  readonly eachPage: (use: (customers: ReadonlyArray<Identified>) => Consumed) => Promise<void>
  /** Every page as the server sent it, where the values of `eachPage` are others. */
  readonly eachReceivedPage?: (use: (customers: ReadonlyArray<unknown>) => Consumed) => Promise<void>
  /** One customer after the other, this many at a time. */
  readonly retrieve: (
    ids: ReadonlyArray<string>,
    concurrency: number,
    use: (customer: Identified) => void
  ) => Promise<void>
  /** Ends connections. */
  readonly close: () => Promise<void>
}

/** Makes a peer for the server at this URL. */
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
