import * as ConfigError from "effect/ConfigError"

/** Creates the error of an invalid setting, with what is allowed. @internal */
export const invalidData = (path: ReadonlyArray<string>, expected: string): ConfigError.ConfigError =>
  ConfigError.InvalidData([...path], expected)

/** Combines the errors of two invalid settings. @internal */
export const and = (left: ConfigError.ConfigError, right: ConfigError.ConfigError): ConfigError.ConfigError =>
  ConfigError.And(left, right)

/** Formats an error as one line that lists each invalid setting and what is allowed. @internal */
export const format = (error: ConfigError.ConfigError): string =>
  error._op === "And" || error._op === "Or"
    ? `${format(error.left)}; ${format(error.right)}`
    : `${error.path.join(".")}: ${error.message}`
