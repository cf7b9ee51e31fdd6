import type { NatsStatus } from '../nats/connection.ts';
import type { PartSwitch } from './health.ts';
import { type Logger, logNatsStatus } from './logger.ts';
import type { Metrics } from './metrics.ts';

export interface NatsWatch {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The connection as a part of the process's health. */
  readonly part: PartSwitch;
}

/** Logs and counts what happens to a NATS connection, and keeps its health. */
export function watchNats({ logger, metrics, part }: NatsWatch): (status: NatsStatus) => void {
  const log = logNatsStatus(logger);
  return (status) => {
    log(status);
    metrics.natsEvents.inc({ event: status.kind });
    switch (status.kind) {
      case 'connected':
      case 'reconnected':
        metrics.natsConnected.set(1);
        return part.up(status.server);
      case 'disconnected':
      case 'closed':
      case 'waiting':
        metrics.natsConnected.set(0);
        return part.down(status.kind);
      default:
        // Errors and slow consumers do not say that the connection is gone.
        return undefined;
    }
  };
}
