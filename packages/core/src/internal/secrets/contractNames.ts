/** The names that the API's contract has, which are no values of anybody. @internal */
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
