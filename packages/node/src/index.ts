/**
 * @since 0.1.0
 */
export * as NodeAvara from "./NodeAvara.js"
