/**
 * @since 0.1.0
 */
export * as Avara from "./Avara.js"

/**
 * @since 0.1.0
 */
export * as AvaraClient from "./AvaraClient.js"

/**
 * @since 0.1.0
 */
export {
  AvaraError,
  BrokenPagination,
  type CallError,
  Conflict,
  ConnectionFailed,
  type CreateError,
  type CreateOnceError,
  Forbidden,
  Inactive,
  InvalidResponse,
  isAmbiguous,
  isAvaraError,
  isRetryable,
  type ListError,
  type Membership,
  NotFound,
  OutcomeUnknown,
  RateLimited,
  type ReactivateError,
  type RequestError,
  type RetrieveActiveError,
  type RetrieveError,
  ServerError,
  type StreamError,
  TimedOut,
  Unauthorized,
  UnexpectedStatus,
  type UpdateError,
  type UserError,
  Validation
} from "./AvaraError.js"

/**
 * @since 0.1.0
 */
export {
  CreateOnceParams,
  CreateParams,
  Customer,
  type CustomerEncoded,
  CustomerId,
  CustomerPage,
  ListParams,
  Metadata,
  MetadataParams,
  PageLimit,
  type StreamPage,
  StreamParams,
  SuccessResponse,
  Timestamp,
  UpdateParams,
  UserId
} from "./Customer.js"

/**
 * @since 0.1.0
 */
export { Customers, type CustomersService } from "./Customers.js"

/**
 * @since 0.1.0
 */
export { CustomerUsers, type CustomerUsersService } from "./CustomerUsers.js"

/**
 * @since 0.1.0
 */
export * as Issue from "./Issue.js"

/**
 * @since 0.1.0
 */
export * as Pagination from "./Pagination.js"

/**
 * @since 0.1.0
 */
export * as RetryPolicy from "./RetryPolicy.js"

/**
 * @since 0.1.0
 */
export * as RateLimiter from "./RateLimiter.js"

/**
 * @since 0.1.0
 */
export * as Telemetry from "./Telemetry.js"
