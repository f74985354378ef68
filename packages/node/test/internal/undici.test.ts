import { afterEach, describe, expect, it, vi } from "@effect/vitest"
import { loadDirect, loadProxied } from "../../src/internal/undici.js"

const modules = ["undici", "undici/lib/dispatcher/agent.js", "undici/lib/dispatcher/pool.js"]

const moved = () => {
  throw new Error("Cannot find module")
}

const connect = () => undefined

const whole = {
  Agent: "Agent",
  buildConnector: "buildConnector",
  EnvHttpProxyAgent: "EnvHttpProxyAgent",
  Pool: "Pool",
  Dispatcher: { prototype: { connect } }
}

describe("the modules that undici does not publish", () => {
  afterEach(() => {
    for (const module of modules) vi.doUnmock(module)
  })

  it("exist in this version, so that undici is not loaded completely", async () => {
    vi.doMock("undici", moved)
    const parts = { ...(await loadDirect()), ...(await loadProxied()) }
    expect(Object.values(parts).map((part) => typeof part)).toEqual(Array(5).fill("function"))
  })

  it("are loaded with all of undici if they have moved", async () => {
    vi.doMock("undici", () => whole)
    for (const module of modules.slice(1)) vi.doMock(module, moved)
    expect(await loadDirect()).toMatchObject({ Agent: "Agent", buildConnector: "buildConnector" })
    expect(await loadProxied()).toEqual({ EnvHttpProxyAgent: "EnvHttpProxyAgent", Pool: "Pool", connect })
  })
})
