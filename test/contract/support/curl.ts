/** A call of `curl`, limited to the options that the API's reference uses. */
export interface Command {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

type Environment = Readonly<Record<string, string>>

const expand = (text: string, environment: Environment): string =>
  text.replace(/\$([A-Z_]+)/g, (_, name: string) => environment[name] ?? "")

/** The words of a command as a shell splits it: quoted or not, over several lines. */
const words = (text: string, environment: Environment): ReadonlyArray<string> =>
  Array.from(text.replaceAll("\\\n", " ").matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g), ([, single, double, plain]) =>
    single === undefined ? expand(double ?? plain ?? "", environment) : single
  )

/** Parses a command and expands its environment variables. */
export const readCommand = (text: string, environment: Environment): Command => {
  const [program, url = "", ...flags] = words(text, environment)
  const pairs = flags.flatMap((flag, index) => (index % 2 === 0 ? [[flag, flags[index + 1] ?? ""] as const] : []))
  const unknown = pairs.find(([flag]) => !["-H", "-X", "-d"].includes(flag))
  if (program !== "curl" || unknown !== undefined) throw new Error(`not understood: ${unknown?.[0] ?? program}`)
  const valueOf = (wanted: string) => pairs.find(([flag]) => flag === wanted)?.[1]
  const body = valueOf("-d")
  const headers = pairs
    .filter(([flag]) => flag === "-H")
    .map(([, header]) => [header.slice(0, header.indexOf(":")), header.slice(header.indexOf(":") + 1).trim()])
  return {
    url,
    method: valueOf("-X") ?? (body === undefined ? "GET" : "POST"),
    headers: Object.fromEntries(headers),
    ...(body === undefined ? {} : { body })
  }
}
