import type { Run } from "../services.js"
import { leaf } from "../syntax/command.js"

export const doctor = leaf<Run>()({
  name: "doctor",
  summary: "Checks what stands between this machine and the API: key, settings, proxy, host, TLS, clock, first page.",
  details: [
    "Nothing is changed, and of the key at most the last 4 characters are shown. It ends with 0 only if nothing failed."
  ],
  params: {},
  run: () => async () => (await import("./doctor.js")).doctor
})
