import type { SqlClient } from "@effect/sql/SqlClient"
import type { Connection } from "@effect/sql/SqlConnection"
import * as Effect from "effect/Effect"

const oneAtATime = (connection: Connection): Effect.Effect<Connection> =>
  Effect.map(Effect.makeSemaphore(1), (semaphore) => {
    const alone = semaphore.withPermits(1)
    return {
      executeStream: (...args) => connection.executeStream(...args),
      execute: (...args) => alone(connection.execute(...args)),
      executeRaw: (...args) => alone(connection.executeRaw(...args)),
      executeValues: (...args) => alone(connection.executeValues(...args)),
      executeUnprepared: (...args) => alone(connection.executeUnprepared(...args))
    }
  })

/**
 * Wraps a client so that its reserved connections run one statement at a time. The engine reserves a connection for its locks, and starts a
 * statement on it before the previous one has ended; the client of PostgreSQL warns about that.
 *
 * @internal
 */
export const oneByOne = (sql: SqlClient): SqlClient => {
  const reserve = Effect.flatMap(sql.reserve, oneAtATime)
  const own: SqlClient = new Proxy(sql, {
    get: (target, name) => {
      if (name === "reserve") return reserve
      return name === "withoutTransforms" ? () => own : Reflect.get(target, name)
    }
  })
  return own
}
