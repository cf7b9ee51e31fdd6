import { prorateInRounds, type Residual, residualCents } from '../../money/prorate.ts';
import type { Benefit } from '../../rules/benefit.ts';
import type { MaxDiscount, NormalPromotion } from '../../rules/normal.ts';
import { type Effect, sum } from './state.ts';

/** What limits took away and how amounts were split, as an explanation tells it. */

/** Whose limit it is and what it came from. A floor of 0 is the price itself. */
export type CutLimit =
  | {
      readonly kind: 'max-discount';
      readonly cap: MaxDiscount;
      /** Prices that the node found, with what it took at the level before added back. */
      readonly base: number;
      readonly used: number;
    }
  | { readonly kind: 'min-price'; readonly price: number; readonly floor: number }
  | { readonly kind: 'budget' }
  | { readonly kind: 'balance'; readonly type: string };

/** A limit that took something away: of `total` no more than `allowed` was left. */
export interface TracedCut {
  readonly limit: CutLimit;
  /** The node that has the limit. */
  readonly of: string;
  readonly allowed: number;
  readonly total: number;
  /** What fell, benefit by benefit and slot by slot. */
  readonly parts: readonly {
    readonly promotion: string;
    /** The place of the benefit in its promotion. */
    readonly index: number;
    readonly slot: number;
    readonly before: number;
    readonly after: number;
  }[];
}

/**
 * What limits a payment in points: the member's balance, what one checkout may pay with the type,
 * what the partner of a line accepts, and what it takes of all members together.
 */
export type PaymentLimit = 'balance' | 'type-limit' | 'acceptance' | 'partner-cap';

/** A payment as a limit found and as it left it: the whole amount, or what each line may take. */
export interface PaymentStep {
  /** `undefined`: the member's own wish. */
  readonly promotion: string | undefined;
  readonly limit: { readonly kind: PaymentLimit; readonly type: string };
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** A limit that lowered a payment: of `total` no more than `allowed` may be paid. */
export interface TracedPaymentCut extends Omit<TracedCut, 'limit' | 'of'> {
  readonly limit: PaymentStep['limit'];
  /** The promotion that pays; absent for the member's own wish. */
  readonly of: string | undefined;
}

/** Nothing when the limit lowered nothing. A limit of the whole has no parts. */
export function tracedPaymentCut(step: PaymentStep): TracedPaymentCut | undefined {
  const { promotion, limit, before, after } = step;
  const [total, allowed] = [sum(before), sum(after)];
  if (allowed >= total) return undefined;
  const isWhole = limit.kind === 'balance' || limit.kind === 'type-limit';
  const parts = before.flatMap((had, slot) => {
    const has = after[slot] ?? 0;
    if (isWhole || had === has) return [];
    return [{ promotion: promotion ?? '', index: -1, slot, before: had, after: has }];
  });
  return { limit, of: promotion, allowed, total, parts };
}

/** An amount that was split, by which weights, and which share got which residual cents. */
export interface TracedSplit {
  readonly of: string;
  readonly strategy: Residual;
  readonly total: number;
  readonly slots: readonly number[];
  readonly weights: readonly number[];
  readonly shares: readonly number[];
  /** What each share got beyond its rounded part. */
  readonly residual: readonly number[];
}

/** An amount to split, with the slot of each share. */
export interface Splitting {
  readonly of: string;
  readonly total: number;
  readonly weights: readonly number[];
  /** The most that each share can be; unbounded where it is left out. */
  readonly capacities?: readonly number[];
  readonly slots?: readonly number[];
}

/** The last round of a split, which is where residual cents go; nothing where none are split. */
export function tracedSplit(what: Splitting, strategy: Residual): readonly TracedSplit[] {
  const all = Math.abs(what.total);
  const capacities = what.capacities ?? what.weights.map(() => all);
  const { shares, last } = prorateInRounds({ ...what, total: all, capacities }, strategy);
  if (last.open.length < 2 || last.total === 0) return [];
  const given = last.open.map((at) => what.weights[at] ?? 0);
  const weights = given.some((weight) => weight > 0) ? given : given.map(() => 1);
  const own = last.open.map((at) => shares[at] ?? 0);
  return [
    {
      of: what.of,
      strategy,
      total: last.total,
      slots: last.open.map((at) => what.slots?.[at] ?? at),
      weights,
      shares: own,
      residual: residualCents({ total: last.total, weights }, own, strategy),
    },
  ];
}

/** The parts of effects that a limit lowered. */
export function loweredParts(
  before: readonly Effect[],
  after: readonly Effect[],
  slots: readonly number[],
): TracedCut['parts'] {
  return before.flatMap(({ promotion, benefit, applied }, at) =>
    slots.flatMap((slot) => {
      const [had, has] = [applied[slot] ?? 0, after[at]?.applied[slot] ?? 0];
      const who = { promotion: promotion.id, index: benefitIndex(promotion, benefit) };
      return had === has ? [] : [{ ...who, slot, before: had, after: has }];
    }),
  );
}

/** The place of a benefit in its promotion, or in what it does at a place that differs. */
export function benefitIndex({ body, variants }: NormalPromotion, benefit: Benefit): number {
  const bodies = [body, ...variants.map((one) => one.body)];
  return Math.max(...bodies.map(({ benefits }) => benefits.indexOf(benefit)));
}
