import { readFileSync } from "node:fs"

/**
 * The most memory that this process ever had, in bytes.
 *
 * Linux tells a process's own peak; what `resourceUsage` says there can be that of the parent it was forked from.
 */
export const peakMemory = (): number => {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? []
    if (kibibytes !== undefined) return Number(kibibytes) * 1024
  } catch {}
  return process.resourceUsage().maxRSS * 1024
}
