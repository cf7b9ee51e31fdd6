import type { NormalPromotion, NormalRuleSet } from '../../rules/normal.ts';
import { requiredCodes } from '../codes.ts';
import type { ArbitrationInput, Decision, DecisionResult } from '../decision.ts';
import { type Case, openCase } from '../interpret/case.ts';
import { floorsAbove } from '../interpret/path.ts';
import { settle } from '../interpret/settle.ts';
import type { Note } from '../interpret/state.ts';
import type { Language } from '../language.ts';
import { refusalOf } from '../refusal.ts';
import { runPromotion } from './leaf.ts';
import { run } from './nodes.ts';
import { type Compilers, type Plan, planOf } from './plan.ts';
import { Session } from './session.ts';

/** The compiled tree's way to decide. It must agree with `interpret` in every byte. */
export function compileDecide(
  rules: NormalRuleSet,
  language: Language,
  compilers: Compilers,
): (input: ArbitrationInput) => DecisionResult {
  const plan = planOf(rules, compilers);
  const everything = plan.promotions.map(({ position }) => position);
  return (input) => {
    const refusal = input.checkout.pay === undefined ? undefined : refusalOf(rules, input);
    if (refusal !== undefined) return { ok: false, refusal };
    const opened = openCase(rules, language, input);
    const at = plan.nevers.length === 0 ? opened : { ...opened, suppressed: never(plan, opened) };
    const decision = decideOnce(plan, at, everything);
    if (rules.settings.codes !== 'all') return { ok: true, decision };
    return { ok: true, decision: withAllCodes(plan, at, { decision, live: everything }) };
  };
}

function decideOnce(plan: Plan, at: Case, live: readonly number[]): Decision {
  const session = new Session(plan, at);
  const branch = { node: plan.root, live, lo: 0, hi: live.length };
  if (plan.hasProductLevel) run(session, branch);
  session.level = 'order';
  if (plan.hasOrderLevel) run(session, branch);
  return settle(at, { state: session, notes: notesOf(session) });
}

function notesOf({ notes, plan }: Session): readonly Note[] {
  const list: Note[] = [];
  notes.forEach((reason, position) => {
    const promotion = plan.promotions[position]?.promotion;
    if (reason !== undefined && promotion !== undefined) list.push({ promotion, reason });
  });
  return list;
}

/** The promotions that a never stackable one keeps out. */
function never(plan: Plan, at: Case): ReadonlyMap<NormalPromotion, string> {
  const owner = plan.nevers.find((planned) => {
    const session = new Session(plan, at);
    session.floors = floorsAbove(at, planned.promotion);
    runPromotion(session, planned);
    session.level = 'order';
    if (session.effects.length === 0) runPromotion(session, planned);
    return session.effects.length > 0;
  });
  if (owner === undefined) return new Map();
  const others = plan.rules.promotions.filter(
    (promotion) => promotion !== owner.promotion && promotion.stacking.category !== 'always',
  );
  return new Map(others.map((promotion) => [promotion, 'not-stackable']));
}

/** With `codes: all`, one code that leads to nothing spoils them all. */
function withAllCodes(
  plan: Plan,
  at: Case,
  { decision, live }: { decision: Decision; live: readonly number[] },
): Decision {
  const missed = new Set(decision.notApplied.map(({ promotion }) => promotion));
  const session = new Session(plan, at);
  const byCode = plan.promotions
    .map((planned) => ({
      promotion: planned.promotion,
      codes: requiredCodes(session.bodyOf(planned).body.when),
    }))
    .filter(({ codes }) => codes.length > 0);
  const used = new Set(
    byCode.flatMap(({ promotion, codes }) => (missed.has(promotion.id) ? [] : codes)),
  );
  if (at.input.checkout.codes.every((code) => used.has(code))) return decision;
  const suppressed = new Map(at.suppressed);
  for (const { promotion } of byCode) suppressed.set(promotion, 'code-rejected');
  return decideOnce(plan, { ...at, suppressed }, live);
}
