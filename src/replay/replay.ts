import { MAX_LINES } from '../../core/transaction/limits.ts';
import { Lanes, type Submit } from './lanes.ts';
import { ReplayPlan } from './plan.ts';
import type { PlanStep } from './plan-step.ts';
import { ProgressLine, type Screen } from './progress.ts';
import { type OpenFile, openRetailFile } from './read-csv.ts';
import { renderReport } from './report.ts';
import { type ReplayCounts, Tally } from './tally.ts';

export interface ReplayOptions {
  /** A CSV file in the UCI Online Retail layout, packed by gzip or not. */
  readonly file: string;
  readonly submit: Submit;
  readonly screen: Screen;
  /** Milliseconds of a monotonic clock, for the progress only. */
  readonly now?: () => number;
  readonly idPrefix?: string;
}

/**
 * `arbiter replay FILE`: sends the purchases of a retail file through the processor and accounts
 * for every row. The rule set `src/samples/online-retail.yaml` must be active. Running it again
 * sends the same transactions under the same ids, which changes nothing.
 */
export async function replay(options: ReplayOptions): Promise<ReplayCounts> {
  const file = await openRetailFile(options.file);
  const tally = new Tally();
  let answered = 0;
  const lanes = new Lanes({
    submit: options.submit,
    settle: (planned, outcome) => {
      tally.settle(planned, outcome);
      answered += 1;
    },
  });
  const now = options.now ?? (() => performance.now());
  const start = now();
  const progress = new ProgressLine(options.screen);
  const state = () => ({
    bytes: file.bytes,
    bytesRead: file.bytesRead(),
    rows: tally.rowsRead,
    transactions: answered,
    milliseconds: now() - start,
  });

  await sendAll(file, {
    plan: new ReplayPlan({ idPrefix: options.idPrefix ?? 'online-retail', linesMax: MAX_LINES }),
    tally,
    lanes,
    show: () => progress.update(state()),
  });
  progress.finish(state());
  tally.check();
  options.screen.write(`\n${renderReport(tally)}`);
  return tally;
}

interface Parts {
  readonly plan: ReplayPlan;
  readonly tally: Tally;
  readonly lanes: Lanes;
  readonly show: () => void;
}

async function sendAll(file: OpenFile, parts: Parts): Promise<void> {
  for await (const row of file.rows) {
    parts.tally.rowsRead += 1;
    await take(parts.plan.push(row), parts);
    parts.show();
  }
  await take(parts.plan.end(), parts);
  await parts.lanes.drain();
}

async function take(steps: Iterable<PlanStep>, { tally, lanes }: Parts): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'send') await lanes.push(step.planned);
    else tally.noteStep(step);
  }
}
