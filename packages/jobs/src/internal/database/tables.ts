import type * as SqlClient from "@effect/sql/SqlClient"

/** The version of these tables; tables of another version are refused. @internal */
export const tablesVersion = 1

/** The prefix of the names of the engine's tables. @internal */
export const enginePrefix = "avara_engine"

/**
 * The tables of the jobs, in an order in which they can be created. Times are milliseconds by the clock of the database.
 *
 * @internal
 */
export const tables = [
  `avara_jobs_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)`,
  // total is unknown while the rows are written; mirrored is the number of customers that a mirror has written. pending, done and rejected are
  // counts of rows, which are stored when the job ends because counting half a million rows takes a while.
  `avara_jobs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    unique_key TEXT NOT NULL,
    state TEXT NOT NULL,
    run INTEGER NOT NULL,
    total INTEGER,
    mirrored INTEGER NOT NULL DEFAULT 0,
    waiting_for TEXT,
    failure TEXT,
    pending INTEGER,
    done INTEGER,
    rejected INTEGER,
    trace TEXT,
    schedule TEXT,
    submitted_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    changed_at BIGINT NOT NULL
  )`,
  // The work decodes the fields of a row again; raw is the original row of the file, if it differs.
  `avara_job_rows (
    job_id TEXT NOT NULL REFERENCES avara_jobs (id) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    fields TEXT,
    raw TEXT,
    row_key TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    lease_until BIGINT,
    customer_id TEXT,
    issues TEXT,
    PRIMARY KEY (job_id, line)
  )`,
  // Keys of jobs that must not be submitted twice: for an import forever, for others until the job has ended (then another job takes over the key).
  `avara_job_keys (unique_key TEXT PRIMARY KEY, job_id TEXT NOT NULL)`,
  `avara_job_samples (
    job_id TEXT NOT NULL REFERENCES avara_jobs (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    done INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    PRIMARY KEY (job_id, at)
  )`,
  `avara_job_schedules (
    name TEXT PRIMARY KEY,
    cron TEXT NOT NULL,
    zone TEXT,
    payload TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    last_job TEXT
  )`,
  // The complete mirrors, with the changes that each one found; at increases from one mirror of a table to the next.
  `avara_mirror_runs (
    job_id TEXT PRIMARY KEY REFERENCES avara_jobs (id) ON DELETE CASCADE,
    table_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    is_first INTEGER NOT NULL,
    customers BIGINT NOT NULL,
    created BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    deactivated BIGINT NOT NULL,
    reactivated BIGINT NOT NULL,
    gone BIGINT NOT NULL,
    UNIQUE (table_name, at)
  )`,
  `avara_mirror_changes (
    table_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (table_name, at, id),
    FOREIGN KEY (table_name, at) REFERENCES avara_mirror_runs (table_name, at) ON DELETE CASCADE
  )`,
  // The customers of the last complete mirror, to compare the next one with.
  `avara_mirror_snapshot (
    table_name TEXT NOT NULL,
    id TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (table_name, id)
  )`
] as const

/**
 * The share of the rate that is in use, and when the last turn was due. Only PostgreSQL has this table; it is unlogged, because a crash may lose it.
 *
 * @internal
 */
export const rateTable = `avara_job_rate (
    id INTEGER PRIMARY KEY,
    due_at DOUBLE PRECISION NOT NULL,
    share DOUBLE PRECISION NOT NULL,
    slowed_at DOUBLE PRECISION NOT NULL,
    raised_at DOUBLE PRECISION NOT NULL
  )`

/** @internal */
export const indexes = [
  `avara_job_rows_state ON avara_job_rows (job_id, state, line)`,
  `avara_jobs_state ON avara_jobs (state)`,
  `avara_jobs_submitted ON avara_jobs (submitted_at, id)`
] as const

/** The state of a row. `sent`: it is in flight, or its response is unknown. @internal */
export type RowState = "pending" | "sent" | "done" | "rejected"

/** The time in milliseconds by the clock of the database, because the clocks of the workers may differ. @internal */
export const nowMillis = (sql: SqlClient.SqlClient) =>
  sql.onDialectOrElse({
    pg: () => sql.literal("(extract(epoch FROM clock_timestamp()) * 1000)::bigint"),
    orElse: () => sql.literal("CAST(unixepoch('subsec') * 1000 AS INTEGER)")
  })
