/**
 * The modules of undici that every transport needs. With the whole of it a cold start takes 11 % more processor time, and it makes itself
 * the dispatcher of Node's own `fetch`. They are no public part of undici, which is why its minor version is fixed.
 */
import type * as Undici from "undici"
// @ts-expect-error undici has types for its whole only
import connector from "undici/lib/core/connect.js"
// @ts-expect-error
import agent from "undici/lib/dispatcher/agent.js"

/** @internal */
export const buildConnector: typeof Undici.buildConnector = connector

/** @internal */
export const Agent: typeof Undici.Agent = agent
