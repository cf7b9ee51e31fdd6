import { categoryOf } from '../../rules/categories.ts';
import type { NormalPromotion, NormalRuleSet } from '../../rules/normal.ts';
import { requiredCodes } from '../codes.ts';
import type { ArbitrationInput, Decision, DecisionResult } from '../decision.ts';
import type { Language } from '../language.ts';
import { refusalOf } from '../refusal.ts';
import { refusedDiscounts } from './acceptance.ts';
import { type Case, openCase, openingState } from './case.ts';
import { bodyOf } from './eligibility.ts';
import { evaluate, trying } from './group.ts';
import { promotionsInOrder } from './order.ts';
import { floorsAbove, isAlwaysCombined } from './path.ts';
import { evaluatePromotion } from './promotion.ts';
import { settle } from './settle.ts';
import { areCompatible } from './stacking.ts';
import { after, type Level, type Note, type State } from './state.ts';

/**
 * The specification of arbitration. It is as slow and as obvious as it can be: no index, no
 * cache, nothing is changed in place. Where the compiled tree differs, the tree is wrong.
 */
export function interpret(
  rules: NormalRuleSet,
  language: Language,
): (input: ArbitrationInput) => DecisionResult {
  return (input) => {
    const refusal = refusalOf(rules, input);
    if (refusal !== undefined) return { ok: false, refusal };
    return { ok: true, decision: decideCase(openCase(rules, language, input)) };
  };
}

/** Decides an opened case. */
export function decideCase(opened: Case): Decision {
  const at = { ...opened, suppressed: keptOutByNever(opened) };
  const first = decideWithinCaps(at);
  const missed = new Set(first.decision.notApplied.map((one) => one.promotion));
  const rejected = codesThatFailed(at, missed);
  if (rejected.size === 0) return first.decision;
  opened.trace?.again();
  const suppressed = new Map([...first.at.suppressed, ...rejected]);
  return decideWithinCaps({ ...at, suppressed }).decision;
}

/** Discounts in points that a partner does not take are kept out, and it is decided again. */
function decideWithinCaps(at: Case): { readonly at: Case; readonly decision: Decision } {
  const decision = settle(at, runLevels(at));
  const refused = refusedDiscounts(at, decision.redemptions);
  if (refused.size === 0) return { at, decision };
  at.trace?.again();
  return decideWithinCaps({ ...at, suppressed: new Map([...at.suppressed, ...refused]) });
}

/** Where the tree leaves the checkout, with the notes of both levels. */
export interface Run {
  readonly state: State;
  readonly notes: readonly Note[];
}

/** Product-level benefits through the whole tree, then order-level ones. */
function runLevels(at: Case): Run {
  const levels: readonly Level[] = ['product', 'order'];
  return levels.reduce<Run>(
    ({ state, notes }, level) => {
      const floors = state.net.map(() => 0);
      const result = evaluate(at.rules.root, state, { at, level, floors });
      return { state: after(state, result.effects), notes: [...notes, ...result.notes] };
    },
    { state: openingState(at), notes: [] },
  );
}

/**
 * A promotion that is never stackable takes the whole checkout, wherever it stands among others
 * that would be combined with it: the first that has an effect keeps out all that its category
 * does not go with.
 */
function keptOutByNever(at: Case): ReadonlyMap<NormalPromotion, string> {
  const { rules } = at;
  const owner = promotionsInOrder(at).find(
    (promotion) =>
      categoryOf(promotion.stacking.category, rules).eligibility === 'never' &&
      isAlwaysCombined(rules, promotion) &&
      hasEffectAlone(promotion, at),
  );
  if (owner === undefined) return new Map();
  const others = rules.promotions.filter(
    (promotion) => promotion !== owner && !areCompatible(owner, promotion, rules),
  );
  return new Map(others.map((promotion) => [promotion, 'not-stackable']));
}

function hasEffectAlone(promotion: NormalPromotion, at: Case): boolean {
  const state = openingState(at);
  const floors = floorsAbove(at, promotion);
  const levels: readonly Level[] = ['product', 'order'];
  const acts = (level: Level) =>
    evaluatePromotion(promotion, state, { at, level, floors }).effects.length > 0;
  return levels.some((level) => trying({ at }, () => acts(level)));
}

/**
 * With `codes: all`, one code that leads to nothing spoils them all (001-14): the promotions
 * that were asked for by code are then kept out.
 */
function codesThatFailed(
  at: Case,
  notApplied: ReadonlySet<string>,
): ReadonlyMap<NormalPromotion, string> {
  if (at.rules.settings.codes !== 'all') return new Map();
  const byCode = at.rules.promotions
    .map((promotion) => ({ promotion, codes: requiredCodes(bodyOf(promotion, at).when) }))
    .filter(({ codes }) => codes.length > 0);
  const used = new Set(
    byCode.filter(({ promotion }) => !notApplied.has(promotion.id)).flatMap(({ codes }) => codes),
  );
  if (at.input.checkout.codes.every((code) => used.has(code))) return new Map();
  return new Map(byCode.map(({ promotion }) => [promotion, 'code-rejected']));
}
