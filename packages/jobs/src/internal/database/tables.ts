import type * as SqlClient from "@effect/sql/SqlClient"

/** The version of these tables; a worker refuses those of another one. @internal */
export const tablesVersion = 1

/** The first part of the names of the tables that the engine makes. @internal */
export const enginePrefix = "avara_engine"

/**
 * The tables of the jobs, in an order in which they can be made. Times are milliseconds by the database's own clock.
 *
 * @internal
 */
export const tables = [
  `avara_jobs_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)`,
  // total is not known while the rows are written; mirrored is how many customers a mirror has written. pending, done and rejected are counts
  // of rows, kept when the job ends, since counting half a million rows takes a while.
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
  // A row's fields are what the work reads again; raw is the row as it stood in the file, where it differs.
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
  // What may be submitted once: the file of an import for ever, all else until its job has ended (another job takes the key over then).
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
  // The complete mirrors, and what each of them found; at grows from one mirror of a table to the next.
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
 * The share of the rate that is used now, and when the last turn was due. PostgreSQL alone has it, unlogged: it may be lost in a crash.
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

/** The state of a row. `sent`: it is on its way, or its response is not known. @internal */
export type RowState = "pending" | "sent" | "done" | "rejected"

/** The time by the database's own clock, in milliseconds: those of the workers may differ. @internal */
export const nowMillis = (sql: SqlClient.SqlClient) =>
  sql.onDialectOrElse({
    pg: () => sql.literal("(extract(epoch FROM clock_timestamp()) * 1000)::bigint"),
    orElse: () => sql.literal("CAST(unixepoch('subsec') * 1000 AS INTEGER)")
  })
