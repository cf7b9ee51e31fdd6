import { openBlock, recordsOf } from '../../core/layout/block.ts';
import type { LedgerRecord } from '../../core/ledger/record.ts';
import type { CompiledRuleSet } from '../../core/rules/compile.ts';
import type { Diagnostic } from '../../core/rules/diagnostic.ts';
import { parseMoment, resolveMoment } from '../../core/time/moment.ts';
import type { RequestProblem } from '../../ops/test-mode/test-request.ts';
import type { WhatIfReport } from '../../ops/what-if/report.ts';
import { type WhatIfProgress, type WhatIfQuestion, whatIf } from '../../ops/what-if/what-if.ts';
import { compileSealed, compileStored } from '../../workers/rules/compile-document.ts';
import { TreeCache } from '../../workers/rules/tree-cache.ts';
import type { LmdbStore } from '../../workers/store/lmdb-store.ts';
import { Fault } from '../fault.ts';
import type { OpenLedger } from '../read-only/open-ledger.ts';
import type { TriedRuleSet } from './test-order.ts';

/** What is asked, as the outside writes it. */
export interface WhatIfAsked {
  /** A day in the programme's zone, or an instant with an offset. */
  readonly from: string;
  /** Not included. */
  readonly to: string;
  /** A store, region or country. */
  readonly region?: string | undefined;
  readonly partner?: string | undefined;
  readonly candidate: TriedRuleSet;
}

export type WhatIfPrepared =
  | { readonly kind: 'ready'; readonly run: Generator<WhatIfProgress, WhatIfReport> }
  | ({ readonly kind: 'refused' } & RequestProblem)
  | { readonly kind: 'does-not-compile'; readonly diagnostics: readonly Diagnostic[] };

/** Gets a what-if ready to run on a ledger, as far as the ledger goes now. Nothing is written. */
export function prepareWhatIf(asked: WhatIfAsked, ledger: OpenLedger): WhatIfPrepared {
  const compiled = compileStored(asked.candidate.document);
  if (!compiled.ok) return { kind: 'does-not-compile', diagnostics: compiled.diagnostics };
  const question = questionOf(asked, compiled.value);
  if ('kind' in question) return question;
  const trees = new TreeCache((hash) => ledger.rules.get(hash), compileSealed);
  const heads = Array.from({ length: ledger.partitions }, (_, partition) => {
    const store = ledger.store(partition);
    return store && { store, last: store.meta().ledgerSequence };
  });
  const ledgers = (): Iterable<LedgerRecord>[] =>
    heads.map((head) => (head ? recordsUntil(head) : []));
  return { kind: 'ready', run: whatIf(question, { ledgers, trees }) };
}

function questionOf(
  { from, to, region, partner, candidate }: WhatIfAsked,
  compiled: CompiledRuleSet,
): WhatIfQuestion | Extract<WhatIfPrepared, { kind: 'refused' }> {
  const { zone } = compiled.tree;
  const [start, end] = [parseMoment(from), parseMoment(to)];
  const says = 'write a day, or an instant with an offset';
  if (!start) return { kind: 'refused', reason: 'invalid-instant', path: '/from', message: says };
  if (!end) return { kind: 'refused', reason: 'invalid-instant', path: '/to', message: says };
  const range = {
    from: resolveMoment(start, zone, 'start'),
    to: resolveMoment(end, zone, 'start'),
  };
  if (range.to <= range.from) {
    const message = 'the range ends before it begins';
    return { kind: 'refused', reason: 'empty-range', path: '/to', message };
  }
  const filter = { region, partner };
  return { ...range, filter, candidate: compiled, version: candidate.version };
}

/** Reads block by block, so that no read of the store lasts longer than one. */
function* recordsUntil(head: {
  readonly store: LmdbStore;
  readonly last: number;
}): Generator<LedgerRecord> {
  for (let next = 1; next <= head.last; ) {
    const bytes = head.store.blockAt(next);
    if (!bytes) {
      const facts = { sequence: next };
      throw new Fault('ledger-gap', 'the ledger lacks a block', { retry: 'operator', facts });
    }
    const block = openBlock(bytes);
    yield* recordsOf(block);
    next = block.firstSequence + block.count;
  }
}
