import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { Fault } from '../fault.ts';
import { runningEndpoints } from '../system/endpoints.ts';

/** The NATS servers of the deployment: those that are set, or those that run here. */
export function runningNats(settings: Settings): readonly string[] {
  const running = runningEndpoints(settings.data);
  const urls = settings.natsUrl.length > 0 ? settings.natsUrl : running?.natsUrls;
  if (urls) return urls;
  throw new Fault('nothing-runs', 'no deployment runs on this data directory', {
    retry: 'operator',
    facts: { data: join(settings.data), hint: 'start `arbiter run`, or set NATS_URL' },
  });
}
