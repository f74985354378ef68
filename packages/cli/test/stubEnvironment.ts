import { afterAll, beforeAll, vi } from "vitest"
import { apiKey } from "./support.js"

const unset = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "npm_execpath", "npm_lifecycle_event"]

/** Sets the environment of the commands that the tests of a file run in this process. */
export const stubEnvironment = (): void => {
  beforeAll(() => {
    vi.stubEnv("AVARA_API_KEY", apiKey)
    vi.stubEnv("AVARA_MAX_RETRIES", "0")
    for (const name of unset) vi.stubEnv(name, undefined)
  })
  afterAll(() => {
    vi.unstubAllEnvs()
  })
}
