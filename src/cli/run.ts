import { firstLinkText } from '../access/open-access.ts';
import { SETTINGS } from '../config/settings.ts';
import { createLogger } from '../observe/logger.ts';
import { startSystem } from '../system/system.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { untilStopped } from './until-stopped.ts';

/** `arbiter run`: the processor, the sink and the gateway, until it is told to stop. */
export async function run(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(SETTINGS, argv, write);
  if (!ready.ok) return ready.exitCode;

  const { settings } = ready;
  const logger = createLogger({ level: settings.logLevel });
  const stopped = untilStopped();
  const system = await startSystem(settings, { logger, gateway: true });
  const { natsUrls, clickhouseUrl } = system.servers;
  logger.info({ natsUrls, clickhouseUrl, http: system.httpUrl }, 'arbiter runs');
  const { firstLink } = system.access;
  // To whoever sits there, not into the log, which others read as well.
  if (firstLink && system.httpUrl) process.stderr.write(firstLinkText(system.httpUrl, firstLink));
  const signal = await stopped;
  logger.info({ signal }, 'arbiter drains');
  await system.stop();
  logger.info('arbiter stopped');
  return 0;
}
