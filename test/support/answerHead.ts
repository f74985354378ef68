export type Headers = Readonly<Record<string, string>>

/** The start of a response, up to its body. */
export const head = (status: number, headers: Headers = {}): string =>
  [`HTTP/1.1 ${status} Status`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), "", ""].join(
    "\r\n"
  )
