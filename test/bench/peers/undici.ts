import { Agent } from "undici"
import { concurrently, type MakePeer } from "../peer.js"
import { apiKey, pageSize, type WireCustomer, type WirePage } from "../wire.js"

const headers = { authorization: `Bearer ${apiKey}`, accept: "application/json" }

/** The minimum that a client on Node can do: undici and `JSON.parse`, nothing checked. */
export const make: MakePeer = (baseUrl) => {
  const agent = new Agent()
  const get = async (path: string): Promise<unknown> => {
    const { body } = await agent.request({ origin: baseUrl, path, method: "GET", headers })
    return JSON.parse(await body.text())
  }
  const pages = async function* () {
    let query = `limit=${pageSize}`
    for (;;) {
      const page = (await get(`/v1/express?${query}`)) as WirePage
      yield page.expressCustomers
      if (!page.hasMore || page.cursor === undefined) return
      query = `limit=${pageSize}&cursor=${encodeURIComponent(page.cursor)}`
    }
  }
  return {
    eachCustomer: async (use) => {
      for await (const customers of pages()) customers.forEach(use)
    },
    eachPage: async (use) => {
      for await (const customers of pages()) await use(customers)
    },
    retrieve: (ids, concurrency, use) =>
      concurrently(ids, concurrency, async (id) => use((await get(`/v1/express/${id}`)) as WireCustomer)),
    close: () => agent.close()
  }
}
