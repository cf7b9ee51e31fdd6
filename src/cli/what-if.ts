import { onOff, optionalText, text } from '../config/setting.ts';
import { SETTINGS } from '../config/settings.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { OpenLedger } from '../read-only/open-ledger.ts';
import type { RuleSetNamed, WhatIfAnswer } from '../trials/thread.ts';
import { type RunningWhatIf, TrialPool } from '../trials/trial-pool.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { readDocument, UnreadableInput } from './documents.ts';
import { renderWhatIf } from './what-if-table.ts';

const USAGE = `usage: arbiter what-if --from TIME --to TIME (--rules FILE | --rule-set VERSION)
       [--region PLACE] [--partner PARTNER] [--json] [settings]

Plays recorded traffic again under a candidate and tells what would have been
different. TIME is a day in the programme's zone, or an instant with an offset.
Reads a stopped system's data, or beside a running one; nothing is written.
`;
const PROGRESS_MILLISECONDS = 500;
const EXIT_CANCELLED = 130;

const TABLE = {
  ...SETTINGS,
  from: optionalText({ flag: '--from', about: 'Where the range begins.' }),
  to: optionalText({ flag: '--to', about: 'Where it ends; not included.' }),
  rules: optionalText({ flag: '--rules', about: 'The candidate, as a rule-set file.' }),
  ruleSet: text({
    flag: '--rule-set',
    fallback: 'applied',
    about: 'The candidate: a version by its number, its hash, or `applied`.',
  }),
  region: optionalText({ flag: '--region', about: 'Counts only this store, region or country.' }),
  partner: optionalText({ flag: '--partner', about: 'Counts only sales of this partner.' }),
  json: onOff({ flag: '--json', fallback: false, about: 'The report as JSON, with explanations.' }),
};

/**
 * `arbiter what-if`: recorded traffic under another rule set. 0 when it ran, 1 when the candidate
 * does not compile, 2 when the question is wrong, 130 when it was cancelled.
 */
export async function whatIfCommand(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  const { from, to, region, partner } = settings;
  if (from === undefined || to === undefined || words.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { store } = dataLayout(settings.data);
  await requireThere(store, settings);
  const pool = new TrialPool(store);
  const cancel = (): void => void pool.close();
  try {
    const candidate = await candidateOf(settings);
    const running = pool.whatIf({ from, to, region, partner, candidate });
    process.once('SIGINT', cancel);
    const started = performance.now();
    const answer = await watched(running);
    return report(answer, { write, json: settings.json, took: performance.now() - started });
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  } finally {
    process.removeListener('SIGINT', cancel);
    await pool.close();
  }
}

/** Says what is missing here, and not from within a thread. */
async function requireThere(
  store: string,
  { rules, ruleSet }: { readonly rules: string | undefined; readonly ruleSet: string },
): Promise<void> {
  const ledger = OpenLedger.open(store);
  try {
    if (rules === undefined) ledger.ruleSet(ruleSet);
  } finally {
    await ledger.close();
  }
}

async function candidateOf(settings: {
  readonly rules: string | undefined;
  readonly ruleSet: string;
}): Promise<RuleSetNamed> {
  if (settings.rules === undefined) return { named: settings.ruleSet };
  return { document: await readDocument(settings.rules) };
}

/** Shows progress on the terminal, if there is one, until the answer is there. */
async function watched({ control, answer }: RunningWhatIf): Promise<WhatIfAnswer> {
  if (!process.stderr.isTTY) return answer;
  const timer = setInterval(() => {
    const { phase, done, total } = control.progress;
    const of = total === undefined ? '' : ` of ${total}`;
    process.stderr.write(`\r\u001b[K${phase}: ${done}${of}`);
  }, PROGRESS_MILLISECONDS);
  try {
    return await answer;
  } finally {
    clearInterval(timer);
    process.stderr.write('\r\u001b[K');
  }
}

function report(
  answer: WhatIfAnswer,
  how: { readonly write: Write; readonly json: boolean; readonly took: number },
): number {
  const { write } = how;
  switch (answer.kind) {
    case 'cancelled':
      process.stderr.write('cancelled\n');
      return EXIT_CANCELLED;
    case 'refused':
      process.stderr.write(`${answer.path}: ${answer.message}\n`);
      return 2;
    case 'does-not-compile':
      for (const { path, message, hint } of answer.diagnostics) {
        write(`${path || '/'}: ${message} (${hint})\n`);
      }
      return 1;
    case 'done': {
      const { report: done } = answer;
      write(how.json ? `${JSON.stringify(done, undefined, 2)}\n` : renderWhatIf(done));
      const seconds = (how.took / 1_000).toFixed(1);
      const faster = Math.round(done.span / Math.max(1, how.took));
      process.stderr.write(`took ${seconds} s, ${faster} times faster than it happened\n`);
      return 0;
    }
  }
}
