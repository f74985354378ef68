/** Checks whether the header declares a JSON body. A request may leave the header out. */
export const isJson = (contentType = "application/json"): boolean =>
  /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType)
