import type { MemberFacts } from '../../../core/arbitration/decision.ts';
import { ENGINES } from '../../../core/arbitration/emit.ts';
import type { ArbitrationTree } from '../../../core/arbitration/tree.ts';
import { instant, minorUnits, thousandths } from '../../../core/money/units.ts';
import { compileRuleSet } from '../../../core/rules/compile.ts';
import { decodeTransaction } from '../../../core/transaction/decode.ts';
import type { DecideAgain } from './policies.ts';
import type { Document } from './programme.ts';

/** What the promotions of these tests ask of a member: nothing but to be one. */
const SOMEBODY: MemberFacts = {
  id: 'somebody',
  birthday: undefined,
  segments: new Set(),
  partners: new Set(),
  fields: new Map(),
  tiers: new Map(),
  points: new Map(),
  checkouts: 0,
  history: () => 0,
};

/** The interpreter of rule sets, asked about a rest; programmes that do so have no limits. */
export function interpreterAgain(): DecideAgain {
  const trees = new Map<Document, ArbitrationTree>();
  return (sold, rest) => {
    const { document } = sold.version;
    const tree = trees.get(document) ?? interpreted(document);
    trees.set(document, tree);
    const { pay: _pay, holdFor: _time, ...written } = sold.written;
    const decoded = decodeTransaction({ ...written, kind: 'quote' });
    if (!decoded.ok || decoded.transaction.kind !== 'quote') throw new Error('no such basket');
    const checkout = decoded.transaction;
    const lines = checkout.lines.flatMap((line, place) => {
      const { quantity = 0, gross = 0 } = rest[place] ?? {};
      if (quantity === 0) return [];
      return [{ ...line, quantity: thousandths(quantity), gross: minorUnits(gross) }];
    });
    const result = tree.decide({
      checkout: { ...checkout, lines },
      member: sold.written.member === undefined ? undefined : SOMEBODY,
      usage: { member: () => undefined, budget: () => unlimited() },
      at: instant(sold.decidedAt),
    });
    return result.ok ? result.decision : undefined;
  };
}

function unlimited(): never {
  throw new Error('a programme whose returns are decided again has no budgets here');
}

function interpreted(document: Document): ArbitrationTree {
  const compiled = compileRuleSet(document, { world: 'closed', emit: ENGINES.interpret });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  return compiled.value.tree;
}
