import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"

/**
 * How connections are made. Nothing is needed.
 *
 * @since 0.1.0
 * @category options
 */
export interface TransportOptions {
  /** Certificates of authorities to trust instead of Node's own, in PEM; to add to Node's own, set `NODE_EXTRA_CA_CERTS`. */
  readonly ca?: string | ReadonlyArray<string> | undefined
  /** The client's certificate in PEM, for servers that ask for one. */
  readonly cert?: string | undefined
  /** The key of the client's certificate in PEM. */
  readonly key?: Redacted.Redacted | undefined
  /** The passphrase of the key. */
  readonly passphrase?: Redacted.Redacted | undefined
  /** The most connections at a time, an integer above zero; no limit by default. */
  readonly connections?: number | undefined
  /** How long an idle connection is kept open: above zero, to 24 days; 4 seconds by default. */
  readonly keepAlive?: Duration.DurationInput | undefined
  /** The largest body in bytes, packed and unpacked: to 500 MiB; that of the client by default. */
  readonly maxBodySize?: number | undefined
  /** How long making a connection may take: above zero, to 24 days; 10 seconds by default. */
  readonly connectTimeout?: Duration.DurationInput | undefined
}
