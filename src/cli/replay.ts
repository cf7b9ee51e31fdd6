import { pino } from 'pino';
import { SETTINGS } from '../config/settings.ts';
import { createLogger } from '../observe/logger.ts';
import { replay } from '../replay/replay.ts';
import { SAMPLES } from '../samples/sample-files.ts';
import { ensureActive } from '../system/ensure-active.ts';
import { startSystem } from '../system/system.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { readDocument } from './documents.ts';

/** `arbiter replay FILE`: real purchases through the whole system, every row accounted for. */
export async function replayFile(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(SETTINGS, argv, write);
  if (!ready.ok) return ready.exitCode;
  const [file, ...others] = ready.words;
  if (file === undefined || others.length > 0) {
    process.stderr.write('usage: arbiter replay FILE.csv[.gz] [settings]\n');
    return 2;
  }
  // Warnings would tear the progress bar; they go to standard error as one line each.
  const logger = createLogger({ level: ready.settings.logLevel }, pino.destination(2));
  if (ready.settings.logLevel === 'info') logger.level = 'error';
  const system = await startSystem(ready.settings, { logger, gateway: false });
  try {
    const document = await readDocument(SAMPLES['online-retail'].path);
    await ensureActive(system, { document, note: 'replay' });
    await replay({
      file,
      submit: (transactions) => system.client.submit(transactions),
      screen: {
        isTTY: process.stdout.isTTY ?? false,
        write,
      },
    });
    return 0;
  } finally {
    await system.stop();
  }
}
