import { ENGINES } from '../../core/arbitration/emit.ts';
import { compileRuleSet } from '../../core/rules/compile.ts';
import type { Diagnostic } from '../../core/rules/diagnostic.ts';
import type { Scope } from '../../ops/access/roles.ts';
import { type CompiledDocument, compileDocument } from '../../ops/rules/compile.ts';
import { type Counts, countsOf } from '../../ops/rules/counts.ts';
import type { WhatIfReport } from '../../ops/what-if/report.ts';
import { OpenLedger } from '../read-only/open-ledger.ts';
import { parseRuleDocument, type ReadResult } from '../rules/read-document.ts';
import { asYaml } from '../rules/write-document.ts';
import { find, replay, verifyAudit } from './look-back.ts';
import { type OrderTested, type TriedRuleSet, testOrder } from './test-order.ts';
import { TrialControl } from './trial-control.ts';
import { prepareWhatIf, type WhatIfAsked, type WhatIfPrepared } from './what-if.ts';

/**
 * What runs inside the thread of trials: nothing that a checkout waits for. It opens ledgers
 * read-only and lets go of them after each task, so that it never holds old pages of the store.
 */

/** Steps of a re-run before the store may let go of what was read. */
const STEPS_PER_BREATH = 64;

/** Piscina finds what it runs by the names of this module. */
export const findTask = find;
export const replayTask = replay;
export const verifyAuditTask = verifyAudit;

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

/** Compiles a document for whoever publishes it: what it means, or why it means nothing. */
export function compileTask(document: unknown): CompiledDocument {
  return compileDocument(document);
}

export type YamlRead =
  | { readonly ok: true; readonly value: unknown }
  | Extract<ReadResult, { readonly ok: false }>;

/** YAML takes seconds a MiB, in both directions. */
export function readYamlTask(text: string): YamlRead {
  const read = parseRuleDocument(text);
  return read.ok ? { ok: true, value: read.document.value } : read;
}

export function writeYamlTask(task: { readonly document: unknown; readonly head: string }): string {
  return asYaml(task.document, task.head);
}

/** Every problem of a document, and conflicts with their witnesses. */
export function checkTask(document: unknown): readonly Diagnostic[] {
  const options = {
    world: 'closed',
    emit: ENGINES.compiled,
    specification: ENGINES.interpret,
    conflicts: true,
  } as const;
  const compiled = compileRuleSet(document, options);
  return compiled.ok ? compiled.warnings : compiled.diagnostics;
}

export interface CountTask {
  readonly document: unknown;
  readonly now: number;
  readonly scope: Scope;
}

export function countTask({ document, ...of }: CountTask): Counts {
  return countsOf(document, of);
}

/** Test mode beside a running system. */
export async function testOrderTask(task: TestOrderTask): Promise<OrderTested> {
  const { request, now } = task;
  const ledger = OpenLedger.find(task.storePath);
  try {
    const ruleSet = ruleSetOf(task.ruleSet, ledger);
    if (!ruleSet) return { kind: 'refused', problem: UNKNOWN_RULE_SET };
    return testOrder({ request, ruleSet, ledger, now });
  } finally {
    await ledger?.close();
  }
}

const UNKNOWN_RULE_SET = {
  reason: 'unknown-rule-set',
  path: '/ruleSet',
  message: 'there is no such version: name it by its number or hash, or say `applied`',
} as const;

function ruleSetOf(
  ruleSet: RuleSetNamed,
  ledger: OpenLedger | undefined,
): TriedRuleSet | undefined {
  if ('document' in ruleSet) return { version: 0, document: ruleSet.document };
  return ledger?.findRuleSet(ruleSet.named);
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
  const ledger = OpenLedger.find(storePath);
  try {
    const candidate = ruleSetOf(named, ledger);
    if (!ledger || !candidate) return { kind: 'refused', ...UNKNOWN_RULE_SET };
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
    await ledger?.close();
  }
}
