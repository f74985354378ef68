import type { Server } from "node:http"
import { createRequire } from "node:module"
import { join } from "node:path"
import { npmInstall } from "../scripts/npm.js"
import { packAll } from "../scripts/pack.js"
import { publish } from "./publish.js"

/** A registry of this machine that has the packages as they would be published. */
export interface Registry {
  /** The settings of npm, pnpm, Bun and Deno that find our packages there, and every other package in its usual registry. */
  readonly npmrc: string
  readonly url: string
  readonly close: () => Promise<void>
}

type RunServer = (config: unknown) => Promise<Server>

// The last release that runs on Node 20. It names one dependency by a tag, which not every mirror has.
const verdaccio = [{ verdaccio: "6.8.0" }, { "node-fetch": "2.7.0" }] as const

/** Anyone may publish and read our packages, and nothing is passed on to another registry. */
const configOf = (folder: string) => ({
  configPath: join(folder, "config.yaml"),
  self_path: join(folder, "config.yaml"),
  storage: join(folder, "storage"),
  uplinks: {},
  packages: { "@effect-avara/*": { access: "$all", publish: "$all" } },
  log: { type: "stdout", format: "pretty", level: "fatal" }
})

const listen = (server: Server): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === "object" ? address?.port : address}`)
    })
  })

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/** Installs a registry into the folder, starts it, and publishes every package. */
export const startRegistry = async (folder: string): Promise<Registry> => {
  await npmInstall(folder, ...verdaccio)
  const { runServer }: { readonly runServer: RunServer } = createRequire(join(folder, "package.json"))("verdaccio")
  const server = await runServer(configOf(folder))
  const url = await listen(server)
  for (const { file } of packAll(folder)) await publish(file, url, folder)
  return { npmrc: `@effect-avara:registry=${url}\n`, url, close: () => close(server) }
}
