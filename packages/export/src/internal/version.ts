/** The version that manifests carry. @internal */
export const version = "0.1.0"
