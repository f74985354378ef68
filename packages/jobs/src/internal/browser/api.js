/** The failure of a request; `status` is 0 if no complete response arrived. */
export class Failure extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/** @param {string} text */
const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`

/** @param {unknown} error */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error))

const timeoutMillis = 10_000

/**
 * @param {"GET" | "POST"} method
 * @param {string} path
 * @param {Record<string, string>} headers
 */
const send = async (method, path, headers) => {
  try {
    const response = await fetch(`api/${path}`, {
      method,
      cache: "no-store",
      headers: { "x-avara-jobs": "1", ...headers },
      signal: AbortSignal.timeout(timeoutMillis)
    })
    return { response, text: await response.text() }
  } catch {
    throw new Failure(0, "The server of this page does not respond.")
  }
}

/**
 * @param {number} status
 * @param {string} text
 */
const parse = (status, text) => {
  try {
    return JSON.parse(text)
  } catch {
    throw new Failure(status, `The server of this page sent a response that is not JSON, with status ${status}.`)
  }
}

/**
 * @template A
 * @param {"GET" | "POST"} method
 * @param {string} path
 * @param {Record<string, string>} headers
 * @returns {Promise<A>}
 */
export const call = async (method, path, headers = {}) => {
  const { response, text } = await send(method, path, headers)
  const body = response.status === 204 ? undefined : parse(response.status, text)
  if (response.ok) return body
  throw new Failure(
    response.status,
    sentence(body?.error?.message ?? `the server of this page failed with status ${response.status}`)
  )
}

/** @param {string} id */
export const pathOf = (id) => `jobs/${encodeURIComponent(id)}`
