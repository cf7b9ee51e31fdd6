import type { Settings } from '../config/settings.ts';
import { openDataDirectory } from '../embedded/data-directory.ts';
import { runningEndpoints } from '../system/endpoints.ts';
import { startServers } from '../system/servers.ts';

export interface Reached {
  readonly url: string;
  readonly release: () => Promise<void>;
}

/** The running system's ClickHouse; a configured one; or the embedded one, started for this. */
export async function reachClickHouse(settings: Settings): Promise<Reached> {
  const running = runningEndpoints(settings.data);
  if (running) return { url: running.clickhouseUrl, release: async () => {} };

  const data = openDataDirectory(settings.data);
  try {
    const anyPort: Settings = { ...settings, clickhousePort: 0 };
    const servers = await startServers(anyPort, data, { nats: false, clickhouse: true });
    const release = async (): Promise<void> => {
      await servers.stop();
      data.release();
    };
    return { url: servers.clickhouseUrl, release };
  } catch (error) {
    data.release();
    throw error;
  }
}
