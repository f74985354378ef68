import { control, find, formDialog } from "./dom.js"

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

/** @param {unknown} error */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error))

/**
 * @param {Response} response
 * @param {string} text
 */
const read = (response, text) => {
  try {
    return JSON.parse(text)
  } catch {
    const type = response.headers.get("content-type") ?? "no content type"
    const body = text === "" ? "there is no body" : `the body is not JSON (${type}, ${text.length} characters)`
    throw new Failure(response.status, `${response.status}: ${body}`)
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{ readonly body?: unknown, readonly headers?: Record<string, string> }} options
 */
const send = async (method, path, { body, headers = {} }) => {
  try {
    const response = await fetch(path, {
      method,
      cache: "no-store",
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body)
    })
    return { response, text: await response.text() }
  } catch {
    throw new Failure(0, "The connection ended before the complete response arrived.")
  }
}

/**
 * @param {Awaited<ReturnType<typeof send>>} sent
 */
const isRefusedKey = ({ response, text }) => response.status === 401 && text.includes('"unauthorized"')

/**
 * @param {Awaited<ReturnType<typeof send>>} sent
 */
const jsonOf = ({ response, text }) => {
  const json = read(response, text)
  if (response.ok) return json
  throw new Failure(response.status, `${response.status}: ${json?.error?.message ?? "no message"}`)
}

/**
 * Calls the emulator's own routes, which faults do not affect and which the list of requests does not show.
 *
 * @template A
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<A>}
 */
export const emulator = async (method, path, body) => jsonOf(await send(method, `/__emulator/${path}`, { body }))

/** The key for the API: any key works, unless the emulator was started with one. */
let key = `sk_live_${"0".repeat(32)}`

/** @type {(chosen: boolean) => void} */
let settle = () => {}

const keyDialog = formDialog("key-dialog", async (form) => {
  key = control(form, "key", HTMLInputElement).value.trim()
  settle(true)
  return undefined
})

find("key-dialog", HTMLDialogElement).addEventListener("close", () => {
  keyDialog.form.reset()
  settle(false)
})

/** @returns {Promise<boolean>} */
const askForKey = () => {
  keyDialog.open()
  return new Promise((resolve) => {
    settle = resolve
  })
}

/**
 * Calls the API like a client.
 *
 * @template A
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<A>}
 */
export const call = async (method, path, body) => {
  const sent = await send(method, `/v1/express${path}`, { body, headers: { authorization: `Bearer ${key}` } }).finally(
    () => dispatchEvent(new Event("called"))
  )
  if (isRefusedKey(sent) && (await askForKey())) return call(method, path, body)
  return jsonOf(sent)
}
