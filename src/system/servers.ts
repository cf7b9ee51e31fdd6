import type { Settings } from '../config/settings.ts';
import { type EmbeddedClickHouse, startEmbeddedClickHouse } from '../embedded/clickhouse.ts';
import type { DataDirectory } from '../embedded/data-directory.ts';
import { natsBinaryOptions } from '../embedded/nats-binary.ts';
import { type EmbeddedNats, startEmbeddedNats } from '../embedded/nats-server.ts';

/** The servers that everything else talks to: configured ones, or our own on loopback. */
export interface Servers {
  readonly natsUrls: readonly string[];
  readonly clickhouseUrl: string;
  /** Process ids of what was started here, for tests that kill. */
  readonly started: { readonly nats?: number; readonly clickhouse?: number };
  /** Stops what was started here. */
  stop(): Promise<void>;
}

export interface ServerNeeds {
  readonly nats: boolean;
  readonly clickhouse: boolean;
}

/** Starts the embedded servers that are needed and not configured. */
export async function startServers(
  settings: Settings,
  data: DataDirectory,
  needs: ServerNeeds,
): Promise<Servers> {
  const [nats, clickhouse] = await Promise.all([
    needs.nats && settings.natsUrl.length === 0 ? embeddedNats(settings, data) : undefined,
    needs.clickhouse && settings.clickhouseUrl.length === 0
      ? embeddedClickHouse(settings, data)
      : undefined,
  ]);
  return {
    natsUrls: nats ? [nats.url] : settings.natsUrl,
    clickhouseUrl: clickhouse?.url ?? settings.clickhouseUrl[0] ?? '',
    started: {
      ...(nats ? { nats: nats.pid } : {}),
      ...(clickhouse ? { clickhouse: clickhouse.pid } : {}),
    },
    stop: async () => {
      await Promise.all([nats?.stop(), clickhouse?.stop()]);
    },
  };
}

function embeddedNats(settings: Settings, data: DataDirectory): Promise<EmbeddedNats> {
  return startEmbeddedNats({
    dataDirectory: data.nats,
    port: settings.natsPort,
    partitions: settings.partitions,
    binary: natsBinaryOptions(process.env),
  });
}

function embeddedClickHouse(settings: Settings, data: DataDirectory): Promise<EmbeddedClickHouse> {
  return startEmbeddedClickHouse({
    dataDirectory: data.clickhouse,
    port: settings.clickhousePort,
  });
}
