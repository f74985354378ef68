import { OpenAI } from "openai"
import { AbstractPage, type PageRequestOptions } from "openai/core/pagination"
import { concurrently, type MakePeer } from "../peer.js"
import { apiKey, pageSize, type WireCustomer, type WirePage } from "../wire.js"

type PageArguments = ConstructorParameters<typeof AbstractPage>

/** A page class in the style of the generator, for the API's list of customers. */
class CustomersPage extends AbstractPage<WireCustomer> {
  readonly expressCustomers: Array<WireCustomer>
  readonly hasMore: boolean
  readonly cursor: string | undefined

  constructor(client: PageArguments[0], response: PageArguments[1], body: unknown, options: PageArguments[3]) {
    super(client, response, body, options)
    const page = body as Omit<WirePage, "expressCustomers"> & { expressCustomers: Array<WireCustomer> }
    this.expressCustomers = page.expressCustomers || []
    this.hasMore = page.hasMore || false
    this.cursor = page.cursor
  }

  getPaginatedItems(): Array<WireCustomer> {
    return this.expressCustomers ?? []
  }

  override hasNextPage(): boolean {
    return this.hasMore && super.hasNextPage()
  }

  nextPageRequestOptions(): PageRequestOptions | null {
    const query = typeof this.options.query === "object" ? this.options.query : {}
    return this.cursor === undefined ? null : { ...this.options, query: { ...query, cursor: this.cursor } }
  }
}

/** A client from the generator of the API's official SDK, with its default retries and timeouts. */
export const make: MakePeer = (baseUrl) => {
  const client = new OpenAI({ apiKey, baseURL: baseUrl })
  const list = () =>
    client.getAPIList<WireCustomer, CustomersPage>("/v1/express", CustomersPage, { query: { limit: pageSize } })
  return {
    eachCustomer: async (use) => {
      for await (const customer of list()) use(customer)
    },
    eachPage: async (use) => {
      for await (const page of (await list()).iterPages()) await use(page.getPaginatedItems())
    },
    retrieve: (ids, concurrency, use) =>
      concurrently(ids, concurrency, async (id) => use(await client.get<WireCustomer>(`/v1/express/${id}`))),
    close: () => Promise.resolve()
  }
}
