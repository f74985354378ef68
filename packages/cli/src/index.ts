/**
 * @since 0.1.0
 */
export { ExitCode } from "./ExitCode.js"
