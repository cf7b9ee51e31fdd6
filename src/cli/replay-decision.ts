import { onOff, optionalText } from '../config/setting.ts';
import { SETTINGS } from '../config/settings.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { OpenLedger } from '../read-only/open-ledger.ts';
import { type ReplayedDecision, replayDecision } from '../replay-decision/replay-decision.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { wordsBetween } from './rules-report.ts';

const TABLE = {
  ...SETTINGS,
  version: optionalText({
    flag: '--version',
    about: 'Another version to decide it: its number, its hash, or `applied`.',
  }),
  json: onOff({ flag: '--json', fallback: false, about: 'Everything, as JSON.' }),
};

/**
 * `arbiter replay-decision TRANSACTION`: decides a recorded transaction again. 0 when its own
 * version brings the recorded bytes, 1 when it does not.
 */
export async function replayDecisionCommand(
  argv: readonly string[],
  write: Write,
): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  if (!wordsBetween(words, [1, 1], 'arbiter replay-decision TRANSACTION [--version N]')) return 2;
  const ledger = OpenLedger.open(dataLayout(settings.data).store);
  try {
    const [transaction = ''] = words;
    const replayed = replayDecision(ledger, { transaction, version: settings.version });
    if (settings.json) write(`${JSON.stringify(replayed, null, 2)}\n`);
    else tell(replayed, { other: settings.version !== undefined, write });
    return replayed.isEqual ? 0 : 1;
  } finally {
    await ledger.close();
  }
}

function tell(
  { transaction, ruleSet, folded, isEqual, differences }: ReplayedDecision,
  { other, write }: { readonly other: boolean; readonly write: Write },
): void {
  const faithful = isEqual
    ? 'its own version decides it again, byte by byte as recorded'
    : 'ITS OWN VERSION DECIDES IT OTHERWISE: report this transaction with its ledger';
  write(`${transaction}: ${faithful} (${folded} records folded)\n`);
  if (!other && isEqual) return;
  write(other ? `version ${ruleSet?.version} would have decided\n` : '');
  for (const line of differences) write(`  ${line}\n`);
  if (differences.length === 0) write('  the same\n');
}
