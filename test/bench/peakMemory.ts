import { readFileSync } from "node:fs"

/**
 * The peak memory of this process, in bytes.
 *
 * Linux reports a process's own peak; `resourceUsage` may report the peak of the parent process.
 */
export const peakMemory = (): number => {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? []
    if (kibibytes !== undefined) return Number(kibibytes) * 1024
  } catch {}
  return process.resourceUsage().maxRSS * 1024
}
