/** @internal */
export const dayMillis = 86_400_000

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

/** Returns the days from 1970-01-01 to this day, which must exist. @internal */
export const daysTo = (year: number, month: number, day: number): number => {
  // The leap day of this year counts only from March.
  const leapYear = month > 2 ? year : year - 1
  const leapDays = Math.floor(leapYear / 4) - Math.floor(leapYear / 100) + Math.floor(leapYear / 400) - 477
  return (year - 1970) * 365 + leapDays + (daysBeforeMonth[month - 1] ?? 0) + day - 1
}

const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const daysInMonth = (year: number, month: number): number => {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** @internal */
export const isDay = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && (day <= 28 || day <= daysInMonth(year, month))
