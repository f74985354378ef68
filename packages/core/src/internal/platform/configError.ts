import * as ConfigError from "effect/ConfigError"

/** A setting that is not allowed, and what is. @internal */
export const invalidData = (path: ReadonlyArray<string>, expected: string): ConfigError.ConfigError =>
  ConfigError.InvalidData([...path], expected)

/** Two settings that are both not allowed. @internal */
export const and = (left: ConfigError.ConfigError, right: ConfigError.ConfigError): ConfigError.ConfigError =>
  ConfigError.And(left, right)

/** On one line: each wrong setting, and what is allowed there. @internal */
export const format = (error: ConfigError.ConfigError): string =>
  error._op === "And" || error._op === "Or"
    ? `${format(error.left)}; ${format(error.right)}`
    : `${error.path.join(".")}: ${error.message}`
