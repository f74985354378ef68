/** The version in manifests. @internal */
export const version = "0.1.0"
