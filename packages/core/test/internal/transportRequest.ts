import type { TransportRequest } from "../../src/internal/transport/transport.js"

/** A request that reaches no server. */
export const request: TransportRequest = {
  method: "GET",
  origin: "http://127.0.0.1",
  path: "/v1/express",
  headers: {},
  secretHeaders: [],
  body: undefined,
  maxBodySize: 100
}
