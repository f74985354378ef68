/** The worker of the smoke programs: the body of a request names the program to run, and the response reports what is wrong. */
import { type Use, use } from "./web.js"

// biome-ignore lint/style/noDefaultExport: workerd calls the default export
export default {
  fetch: async (request: Request): Promise<Response> => {
    const what: Use = JSON.parse(await request.text())
    return new Response(await use(what))
  }
}
