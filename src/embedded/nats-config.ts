import { mappingsOf } from '../../ops/access/nats/permissions.ts';
import { isAtLeast } from './nats-version.ts';

/**
 * The largest message the embedded server takes. Far above the largest envelope, so that one that
 * is too large arrives, is recorded as rejected, and its sender learns the reason.
 */
export const NATS_PAYLOAD_BYTES_MAX = 12 * 1_024 * 1_024;

/** The log file is turned over at this size. */
const LOG_BYTES_MAX = 16 * 1_024 * 1_024;
const MEMORY_STORE_BYTES_MAX = 256 * 1_024 * 1_024;

/** Since this version the time between two fsyncs of a stream can be set. */
const SYNC_INTERVAL_SINCE = [2, 10, 0] as const;
const SYNC_INTERVAL = '5s';

export type NatsConfig = {
  readonly folder: string;
  /** 0: any free port, which the server writes into its ports file. */
  readonly port: number;
  readonly partitions: number;
  readonly version: string;
};

/**
 * The server's configuration. It listens on the loopback alone and knows neither users nor
 * accounts: where `authorization` and `accounts` stand side by side, old servers let everybody
 * into the global account (trap T22).
 */
export function natsConfig({ folder, port, partitions, version }: NatsConfig): string {
  const mappings = Object.entries(mappingsOf(partitions));
  const sync = isAtLeast(version, SYNC_INTERVAL_SINCE)
    ? `\n  sync_interval: "${SYNC_INTERVAL}"`
    : '';
  return `server_name: "arbiter-embedded"
host: "127.0.0.1"
port: ${port === 0 ? -1 : port}
max_payload: ${NATS_PAYLOAD_BYTES_MAX}
log_file: ${quoted(`${folder}/nats-server.log`)}
logfile_size_limit: ${LOG_BYTES_MAX}
ports_file_dir: ${quoted(folder)}
jetstream {
  store_dir: ${quoted(`${folder}/jetstream`)}
  max_memory_store: ${MEMORY_STORE_BYTES_MAX}${sync}
}
# A till names the member; the partition of the key is the server's to find.
mappings {
${mappings.map(([from, to]) => `  ${quoted(from)}: ${quoted(to)}`).join('\n')}
}
`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
