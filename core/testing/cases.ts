import { leftAfter } from '../arbitration/budget-left.ts';
import type {
  ArbitrationInput,
  DecisionResult,
  MemberFacts,
  Usage,
} from '../arbitration/decision.ts';
import { ENGINES, type EngineName } from '../arbitration/emit.ts';
import type { ArbitrationTree } from '../arbitration/tree.ts';
import { instant, minorUnits, points } from '../money/units.ts';
import { compileRuleSet } from '../rules/compile.ts';
import type { NormalRuleSet } from '../rules/normal.ts';
import { decodeTransaction } from '../transaction/decode.ts';
import type { Checkout } from '../transaction/transaction.ts';

/** Makes engine inputs from what a sender would write. */

export const NOON = instant(Date.UTC(2026, 5, 15, 7));

/** A compiled document, or nothing when the rule set is refused. */
export function compiledBy(
  engine: EngineName,
  document: unknown,
): { readonly rules: NormalRuleSet; readonly tree: ArbitrationTree } | undefined {
  const compiled = compileRuleSet(document, { world: 'open', emit: ENGINES[engine] });
  return compiled.ok ? compiled.value : undefined;
}

export function checkoutOf(json: unknown): Checkout {
  const decoded = decodeTransaction(json);
  if (!decoded.ok) throw new Error(JSON.stringify(decoded.rejection));
  const { transaction } = decoded;
  if (transaction.kind !== 'quote' && transaction.kind !== 'checkout')
    throw new Error('no checkout');
  return transaction;
}

export function memberWith(
  balances: Readonly<Record<string, number>>,
  rules: Pick<NormalRuleSet, 'pointTypes'>,
): MemberFacts {
  const owned = rules.pointTypes.map(({ id, precision }) => {
    const steps = Math.round((balances[id] ?? 0) * 10 ** precision);
    return [id, points(steps)] as const;
  });
  return {
    id: 'm',
    birthday: '1990-06-15',
    segments: new Set(['vip']),
    partners: new Set(['baker']),
    fields: new Map(),
    tiers: new Map(),
    points: new Map(owned),
    checkouts: 0,
    history: () => 0,
  };
}

/** What limits have been used of, as a random but repeatable function of their keys. */
export function usedUp(seed: number): ArbitrationInput['usage'] {
  const used = (key: string): Usage | undefined => {
    const hash = [...key].reduce(
      (soFar, letter) => (soFar * 31 + letter.charCodeAt(0)) % 997,
      seed,
    );
    if (hash % 3 === 0) return undefined;
    return {
      uses: hash % 2,
      units: (hash % 4) * 1000,
      discount: minorUnits(hash),
      points: points(hash % 30),
    };
  };
  return { member: used, budget: (key, limits) => leftAfter(limits, used(key)) };
}

export interface CaseText {
  readonly quote: unknown;
  readonly balances: Readonly<Record<string, number>>;
  readonly seed: number;
}

export function inputOf(text: CaseText, rules: NormalRuleSet): ArbitrationInput {
  const checkout = checkoutOf(text.quote);
  const member = checkout.member === undefined ? undefined : memberWith(text.balances, rules);
  return { checkout, member, usage: usedUp(text.seed), at: NOON };
}

/** Decides one case by one engine. */
export function decided(engine: EngineName, document: unknown, text: CaseText): DecisionResult {
  const compiled = compiledBy(engine, document);
  if (compiled === undefined) throw new Error('the rule set does not compile');
  return compiled.tree.decide(inputOf(text, compiled.rules));
}
