import * as Cron from "effect/Cron"
import * as Either from "effect/Either"
import * as Option from "effect/Option"

const fields = ["minute", "hour", "day of the month", "month", "day of the week"] as const

/** Finds the field that cannot be read, because the error does not name it. */
const wrongField = (parts: ReadonlyArray<string>): string => {
  const names = parts.length > fields.length ? ["second", ...fields] : fields
  const isWrong = (index: number) =>
    Either.isLeft(Cron.parse(parts.map((part, at) => (at === index ? part : "*")).join(" ")))
  return names.find((_, index) => isWrong(index)) ?? "expression"
}

const syntaxProblem = (cron: string, { message }: Cron.ParseError): string => {
  const parts = cron.trim().split(/\s+/)
  if (parts.length < fields.length || parts.length > fields.length + 1) {
    return `cron: expected the 5 fields ${fields.join(", ")}, as in "0 2 * * *", or 6 fields with the second first`
  }
  return `cron, ${wrongField(parts)}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
}

const tickFrom = Option.liftThrowable((cron: Cron.Cron, from: number) => Cron.next(cron, new Date(from)).getTime())

const stepMillis = 15 * 60_000

/**
 * In an hour that occurs twice, such as at the end of daylight saving time, ticks belong to the first occurrence. From within the second one,
 * Effect's cron returns a tick of the first, which is in the past.
 */
const tickAfter = (cron: Cron.Cron, after: number): Option.Option<number> => {
  for (let from = after; ; from += stepMillis) {
    const tick = tickFrom(cron, from)
    if (Option.isNone(tick) || tick.value > after) return tick
  }
}

const maxLength = 200

const matchesNone = "cron: expected an expression that matches a date; this one matches none"

/** Returns the first tick after a time, both in milliseconds, or what is wrong with the expression or the zone. @internal */
export const nextTick = (cron: string, zone: string, after: number): Either.Either<number, string> => {
  if (cron.length > maxLength) return Either.left(`cron: expected at most ${maxLength} characters`)
  const syntax = Cron.parse(cron)
  if (Either.isLeft(syntax)) return Either.left(syntaxProblem(cron, syntax.left))
  const parsed = Cron.parse(cron, zone)
  if (Either.isLeft(parsed)) {
    return Either.left(
      'zone: expected the name of a time zone, such as "Europe/Berlin", or an offset, such as "+02:00"'
    )
  }
  return Either.fromOption(tickAfter(parsed.right, after), () => matchesNone)
}
