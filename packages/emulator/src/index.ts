/**
 * @since 0.1.0
 */
export * as Emulator from "./Emulator.js"

/**
 * @since 0.1.0
 */
export * as ExpressApi from "./ExpressApi.js"

/**
 * @since 0.1.0
 */
export * as Fault from "./Fault.js"

/**
 * @since 0.1.0
 */
export * as Generator from "./Generator.js"

/**
 * @since 0.1.0
 */
export * as State from "./State.js"
