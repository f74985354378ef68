import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it, vi } from "@effect/vitest"
import { publish } from "./publish.js"

const folder = mkdtempSync(join(tmpdir(), "avara-publish-"))

afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** A registry without packages that accepts every one. */
const startRegistry = async () => {
  const requests: Array<string> = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.headers.authorization}`)
    request.resume().on("end", () => response.writeHead(request.method === "PUT" ? 201 : 404).end("{}"))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  afterAll(() => server.close())
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`, requests }
}

it("publishes to the registry of this machine alone, whatever the user's settings and environment name", async () => {
  const local = await startRegistry()
  const other = await startRegistry()
  const settings = `registry=${other.url}\n@effect-avara:registry=${other.url}\n${other.url.slice(5)}/:_authToken=secret\n`
  writeFileSync(join(folder, "hostile.npmrc"), settings)
  writeFileSync(join(folder, "package.json"), '{"name":"@effect-avara/nothing","version":"1.0.0"}')
  for (const name of ["userconfig", "globalconfig"]) vi.stubEnv(`npm_config_${name}`, join(folder, "hostile.npmrc"))
  for (const name of ["registry", "@effect-avara:registry", "proxy"]) vi.stubEnv(`npm_config_${name}`, other.url)
  vi.stubEnv("HTTP_PROXY", other.url)
  await publish(folder, local.url, folder)
  expect(other.requests).toEqual([])
  expect(local.requests).toContain("PUT Bearer anyone")
})

it("refuses a registry of another machine before it starts npm", async () => {
  for (const url of ["https://registry.example", "http://127.0.0.1.example", "http://127.0.0.1@registry.example"]) {
    await expect(publish(folder, url, folder)).rejects.toThrow(/is not a registry of this machine/)
  }
})
