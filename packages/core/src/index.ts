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
export * from "./AvaraError.js"

/**
 * @since 0.1.0
 */
export * from "./Customer.js"

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
