import { join } from 'node:path';
import { pino } from 'pino';
import { firstLinkText } from '../access/open-access.ts';
import { integer } from '../config/setting.ts';
import { SETTINGS } from '../config/settings.ts';
import { startDemoShow } from '../demo/demo-show.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { createLogger } from '../observe/logger.ts';
import { SAMPLES } from '../samples/sample-files.ts';
import { ensureActive } from '../system/ensure-active.ts';
import { type System, startSystem } from '../system/system.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { readDocument } from './documents.ts';
import { untilStopped } from './until-stopped.ts';

const TABLE = {
  ...SETTINGS,
  rate: integer({
    flag: '--rate',
    env: 'ARBITER_DEMO_RATE',
    fallback: 500,
    least: 0,
    most: 50_000,
    unit: 'transactions a second',
    about: 'Traffic of the demo; 0 starts everything without traffic.',
  }),
};

/** `arbiter demo`: everything on this machine, with believable traffic, until Ctrl-C. */
export async function demo(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;

  const { settings } = ready;
  const layout = dataLayout(settings.data);
  const stopped = untilStopped();
  write(`Arbiter starts; its data is in ${layout.path}\n`);
  const logFile = join(layout.run, 'arbiter.log');
  const destination = pino.destination({ dest: logFile, mkdir: true, sync: false });
  const logger = createLogger({ level: settings.logLevel }, destination);
  const system = await startSystem(settings, { logger, gateway: true });
  const { firstLink } = system.access;
  if (firstLink && system.httpUrl) write(`${firstLinkText(system.httpUrl, firstLink)}\n`);
  try {
    const document = await readDocument(SAMPLES.coalition.path);
    await ensureActive(system, { document, note: 'demo' });
    const show = await startDemoShow({
      submit: (transactions) => system.client.submit(transactions),
      lags: () => ({ stream: system.processor.lag, sink: system.sink.status().lagRecords }),
      folder: layout.run,
      perSecond: settings.rate,
      terminal: process.stdout,
      addresses: addressesOf(system, settings.clickhouseDatabase),
    });
    await stopped;
    write('\nDraining …\n');
    await show.stop();
  } finally {
    await system.stop();
  }
  write('Everything accepted is in the ledger. The next start goes on from here.\n');
  return 0;
}

function addressesOf(system: System, database: string) {
  const http = system.httpUrl ?? '';
  return {
    http,
    clickhouse: system.servers.clickhouseUrl,
    database,
    nats: system.servers.natsUrls.join(', '),
    metrics: `${http}/metrics`,
  };
}
