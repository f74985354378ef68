/** The names in the API's contract, which are not personal values. @internal */
export const contractNames: ReadonlySet<string> = new Set([
  "expressCustomers",
  "hasMore",
  "cursor",
  "createdAt",
  "expressCustomerId",
  "expressCustomerName",
  "isActive",
  "updatedAt",
  "userCount",
  "userId",
  "createdByApiKeyId",
  "createdByUserId",
  "metadata",
  "success",
  "message",
  "error",
  "errors",
  "issues",
  "details",
  "code",
  "createOnceKey"
])
