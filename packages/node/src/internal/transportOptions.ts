import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"

/**
 * The options for connections. All of them are optional.
 *
 * @since 0.1.0
 * @category options
 */
export interface TransportOptions {
  /** The certificate authorities to trust instead of Node's own, in PEM. To add to Node's own, set `NODE_EXTRA_CA_CERTS`. */
  readonly ca?: string | ReadonlyArray<string> | undefined
  /** The client's certificate in PEM, for servers that require one. */
  readonly cert?: string | undefined
  /** The private key of the client's certificate in PEM. */
  readonly key?: Redacted.Redacted | undefined
  /** The passphrase of `key`. */
  readonly passphrase?: Redacted.Redacted | undefined
  /** The largest number of connections at a time, an integer above zero; no limit by default. */
  readonly connections?: number | undefined
  /** How long an idle connection stays open: above zero and at most 24 days; 4 seconds by default. */
  readonly keepAlive?: Duration.DurationInput | undefined
  /** The largest body in bytes, both compressed and decompressed, at most 500 MiB; the client's `maxBodySize` by default. */
  readonly maxBodySize?: number | undefined
  /** The timeout for making a connection: above zero and at most 24 days; 10 seconds by default. */
  readonly connectTimeout?: Duration.DurationInput | undefined
}
