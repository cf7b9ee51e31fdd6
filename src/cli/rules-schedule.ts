import { optionalText } from '../config/setting.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { UnreadableInput } from './documents.ts';
import { CHANGING, tellRefusal, withDesk } from './rules-deployment.ts';
import { baseNamed, wordsBetween } from './rules-report.ts';

const TABLE = {
  ...CHANGING,
  cancel: optionalText({ flag: '--cancel', about: 'The number of a schedule to call off.' }),
};

/** `arbiter rules schedule VERSION INSTANT`, or `--cancel NUMBER`. */
export async function rulesSchedule(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  const count = settings.cancel === undefined ? 2 : 0;
  const usage = 'arbiter rules schedule VERSION INSTANT | --cancel NUMBER';
  if (!wordsBetween(words, [count, count], usage)) return 2;
  const by = { author: { name: settings.author }, note: settings.note };
  const cancelled = baseNamed(settings.cancel);
  const version = baseNamed(words[0]) ?? 0;
  const due = cancelled === undefined ? instantNamed(words[1] ?? '') : 0;
  return withDesk(settings, async ({ perform }) => {
    const result =
      cancelled === undefined
        ? await perform({ command: 'schedule', version, due, ...by })
        : await perform({ command: 'unschedule', schedule: cancelled, ...by });
    if (!result.ok) return tellRefusal(result, write);
    if (result.schedule) {
      const { number, version: planned, due: when, state } = result.schedule;
      write(`schedule ${number}: version ${planned} at ${when}, ${state}\n`);
    }
    return 0;
  });
}

/** ISO 8601 with an offset, so that nobody has to guess the zone. */
function instantNamed(word: string): number {
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(word);
  const instant = isWhole ? Date.parse(word) : Number.NaN;
  if (!Number.isNaN(instant)) return instant;
  throw new UnreadableInput(`\`${word}\` is no instant: write it as 2026-12-01T00:00:00+05:00`);
}
