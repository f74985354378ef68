/** Whether a body is JSON by its header, which a request may leave out. */
export const isJson = (contentType = "application/json"): boolean =>
  /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType)
