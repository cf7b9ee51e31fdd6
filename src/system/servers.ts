import type { Settings } from '../config/settings.ts';
import { startEmbeddedClickHouse } from '../embedded/clickhouse.ts';
import type { DataDirectory } from '../embedded/data-directory.ts';
import { natsBinaryOptions } from '../embedded/nats-binary.ts';
import { startEmbeddedNats } from '../embedded/nats-server.ts';
import { type ServerEvent, type Supervised, supervise } from './supervise.ts';

/** The servers that everything else talks to: configured ones, or our own on loopback. */
export interface Servers {
  readonly natsUrls: readonly string[];
  readonly clickhouseUrl: string;
  /** Stops what was started here. */
  stop(): Promise<void>;
}

export interface ServerNeeds {
  readonly nats: boolean;
  readonly clickhouse: boolean;
  /** Told when an embedded server died and was started again. */
  readonly onEvent?: (event: ServerEvent) => void;
}

/** Starts the embedded servers that are needed and not configured, and keeps them alive. */
export async function startServers(
  settings: Settings,
  data: DataDirectory,
  needs: ServerNeeds,
): Promise<Servers> {
  const { onEvent = () => {} } = needs;
  const [nats, clickhouse] = await bothOrNeither([
    needs.nats && settings.natsUrl.length === 0
      ? embeddedNats(settings, { data, onEvent })
      : undefined,
    needs.clickhouse && settings.clickhouseUrl.length === 0
      ? embeddedClickHouse(settings, { data, onEvent })
      : undefined,
  ]);
  return {
    natsUrls: nats ? [nats.url] : settings.natsUrl,
    clickhouseUrl: clickhouse?.url ?? settings.clickhouseUrl[0] ?? '',
    stop: async () => {
      await Promise.all([nats?.stop(), clickhouse?.stop()]);
    },
  };
}

/** One server that does not start must not leave the other one running. */
async function bothOrNeither(
  starting: readonly [Promise<Supervised> | undefined, Promise<Supervised> | undefined],
): Promise<readonly [Supervised | undefined, Supervised | undefined]> {
  const [one, other] = await Promise.allSettled(starting);
  if (one.status === 'fulfilled' && other.status === 'fulfilled') return [one.value, other.value];
  for (const started of [one, other]) {
    if (started.status === 'fulfilled') await started.value?.stop();
  }
  throw one.status === 'rejected' ? one.reason : (other as PromiseRejectedResult).reason;
}

interface Keeping {
  readonly data: DataDirectory;
  readonly onEvent: (event: ServerEvent) => void;
}

function embeddedNats(settings: Settings, { data, onEvent }: Keeping): Promise<Supervised> {
  const { partitions, natsPort } = settings;
  const binary = natsBinaryOptions(process.env);
  return supervise({
    server: 'nats-server',
    port: natsPort,
    start: (port) => startEmbeddedNats({ dataDirectory: data.nats, port, partitions, binary }),
    onEvent,
  });
}

function embeddedClickHouse(settings: Settings, { data, onEvent }: Keeping): Promise<Supervised> {
  return supervise({
    server: 'clickhouse',
    port: settings.clickhousePort,
    start: (port) => startEmbeddedClickHouse({ dataDirectory: data.clickhouse, port }),
    onEvent,
  });
}
