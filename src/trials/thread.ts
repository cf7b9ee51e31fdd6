import type { WhatIfReport } from '../../ops/what-if/report.ts';
import { OpenLedger } from '../read-only/open-ledger.ts';
import { type OrderTested, type TriedRuleSet, testOrder } from './test-order.ts';
import { TrialControl } from './trial-control.ts';
import { prepareWhatIf, type WhatIfAsked, type WhatIfPrepared } from './what-if.ts';

/**
 * What runs inside the thread of trials: nothing that a checkout waits for. It opens ledgers
 * read-only and lets go of them after each task, so that it never holds old pages of the store.
 */

/** Steps of a re-run before the store may let go of what was read. */
const STEPS_PER_BREATH = 64;

/** Answered by a thread that has loaded everything it runs. */
export function ready(): void {}

/** A version of the ledger by `applied`, its number or its hash; or a document. */
export type RuleSetNamed = { readonly named: string } | { readonly document: unknown };

export interface TestOrderTask {
  readonly storePath: string;
  readonly request: unknown;
  readonly ruleSet: RuleSetNamed;
  readonly now: number;
}

/** Test mode beside a running system. */
export async function testOrderTask(task: TestOrderTask): Promise<OrderTested> {
  const ledger = OpenLedger.open(task.storePath);
  try {
    const ruleSet = ruleSetOf(task.ruleSet, ledger);
    return testOrder({ request: task.request, ruleSet, ledger, now: task.now });
  } finally {
    await ledger.close();
  }
}

function ruleSetOf(ruleSet: RuleSetNamed, ledger: OpenLedger): TriedRuleSet {
  if ('document' in ruleSet) return { version: 0, document: ruleSet.document };
  return ledger.ruleSet(ruleSet.named);
}

export interface WhatIfTask extends Omit<WhatIfAsked, 'candidate'> {
  readonly storePath: string;
  readonly candidate: RuleSetNamed;
  /** Shared with whoever watches. */
  readonly control: SharedArrayBuffer;
}

export type WhatIfAnswer =
  | { readonly kind: 'done'; readonly report: WhatIfReport }
  | { readonly kind: 'cancelled' }
  | Exclude<WhatIfPrepared, { readonly kind: 'ready' }>;

/** Plays recorded traffic under a candidate, from the beginning to the answer. */
export async function whatIfTask(task: WhatIfTask): Promise<WhatIfAnswer> {
  const { storePath, candidate: named, control: shared, ...asked } = task;
  const control = new TrialControl(shared);
  const ledger = OpenLedger.open(storePath);
  try {
    const candidate = ruleSetOf(named, ledger);
    const prepared = prepareWhatIf({ ...asked, candidate }, ledger);
    if (prepared.kind !== 'ready') return prepared;
    for (let steps = 1; ; steps += 1) {
      if (control.isCancelled) return { kind: 'cancelled' };
      const step = prepared.run.next();
      if (step.done === true) return { kind: 'done', report: step.value };
      control.note(step.value);
      // A read of LMDB lasts until its thread is idle; meanwhile no page of then can be used again.
      if (steps % STEPS_PER_BREATH === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } finally {
    await ledger.close();
  }
}
