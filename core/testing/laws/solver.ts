import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { explain } from '../../arbitration/explain.ts';
import type { CaseText } from '../cases.ts';
import type { Law, LawCase } from './law.ts';
import { scenesOf } from './scene.ts';

/**
 * Maximum benefit against an exact solver that knows nothing of the engine: more children than
 * can be tried in all subsets, as a 0/1 program over what each takes off each line.
 */

// Its types describe the CommonJS form.
const load: typeof import('highs').default = createRequire(import.meta.url)('highs');
const highs = await load();
const OPTIONS = { output_flag: false, mip_rel_gap: 0, mip_abs_gap: 0 } as const;

const SKUS = ['A', 'B', 'C', 'D', 'E', 'F'];
const CATEGORIES = ['first', 'second'];

interface Child {
  readonly skus: readonly string[];
  readonly off: { readonly percent: number } | { readonly amount: number };
  readonly category: string;
  readonly isExclusive: boolean;
}

/** A crowded group, as numbers. */
interface Crowd {
  readonly prices: readonly number[];
  readonly children: readonly Child[];
  readonly limits: readonly number[];
  /** Never stackable ones that may act together. */
  readonly nevers: number;
  /** True when the two categories do not go together. */
  readonly excludes: boolean;
  readonly maxDiscount: number | undefined;
  readonly floor: number | undefined;
}

const child: fc.Arbitrary<Child> = fc.record({
  skus: fc.subarray(SKUS, { minLength: 1, maxLength: 3 }),
  off: fc.oneof(
    fc.integer({ min: 1, max: 60 }).map((percent) => ({ percent })),
    fc.integer({ min: 1, max: 4_000 }).map((amount) => ({ amount })),
  ),
  category: fc.constantFrom('common', 'first', 'first', 'second', 'second', 'never', 'always'),
  isExclusive: fc.integer({ min: 0, max: 19 }).map((one) => one === 0),
});

const crowd: fc.Arbitrary<Crowd> = fc.record({
  prices: fc.array(fc.integer({ min: 1, max: 10_000 }), {
    minLength: SKUS.length,
    maxLength: SKUS.length,
  }),
  children: fc.array(child, { minLength: 13, maxLength: 18 }),
  limits: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  nevers: fc.constantFrom(1, 1, 2, 3),
  excludes: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
  maxDiscount: fc.option(fc.integer({ min: 100, max: 30_000 }), { nil: undefined }),
  floor: fc.option(fc.integer({ min: 1, max: 5_000 }), { nil: undefined }),
});

function documentOf(crowd: Crowd): unknown {
  const { children, limits, nevers, excludes, maxDiscount, floor } = crowd;
  const categories = CATEGORIES.map((id, index) => ({
    id,
    limit: limits[index],
    excludes: excludes && index === 0 ? ['second'] : [],
  }));
  return {
    program: { id: 'crowd', categories, settings: { neverStackable: nevers } },
    arbitration: {
      mode: 'max',
      limits: {
        ...(maxDiscount === undefined ? {} : { maxDiscount: { amount: maxDiscount } }),
        ...(floor === undefined ? {} : { minPrice: { amount: floor } }),
      },
      children: children.map(({ skus, off, category, isExclusive }, index) => ({
        promotion: `p${index}`,
        lines: { sku: { in: skus } },
        benefits: [{ discount: off }],
        stacking: { category, exclusive: isExclusive },
      })),
    },
  };
}

function textOf({ prices }: Crowd): CaseText {
  const lines = SKUS.map((sku, index) => ({
    id: sku,
    sku,
    quantity: 1,
    price: prices[index] ?? 1,
  }));
  return { quote: { id: 'q', kind: 'quote', lines }, balances: {}, seed: 0 };
}

/** The 0/1 program: which children apply, and how much each line falls. */
function programOf(one: Crowd): string {
  const { prices, children, limits, maxDiscount, floor = 0 } = one;
  const room = prices.map((price) => Math.max(0, price - floor));
  const falls = SKUS.map((sku, slot) => {
    const terms = children.flatMap(({ skus, off }, index) => {
      const fall = skus.includes(sku) ? fallOf(prices[slot] ?? 0, off) : 0;
      const some = Math.min(fall, room[slot] ?? 0);
      return some === 0 ? [] : [` - ${some} x${index}`];
    });
    return ` fall${slot}: y${slot}${terms.join('')} <= 0`;
  });
  const categories = CATEGORIES.flatMap((category, at) => {
    const members = children.flatMap((one, index) =>
      one.category === category ? [`x${index}`] : [],
    );
    return members.length === 0 ? [] : [` ${category}: ${members.join(' + ')} <= ${limits[at]}`];
  });
  const never = children.flatMap(({ category }, at) => (category === 'never' ? [`x${at}`] : []));
  if (never.length > 0) categories.push(` nevers: ${never.join(' + ')} <= ${one.nevers}`);
  const pairs = children.flatMap((a, i) =>
    children.flatMap((b, j) =>
      i < j && !goTogether(a, b, one) ? [` not${i}with${j}: x${i} + x${j} <= 1`] : [],
    ),
  );
  const total = SKUS.map((_, slot) => `y${slot}`).join(' - ');
  return [
    'Maximize',
    ' benefit: z',
    'Subject To',
    ` total: z - ${total} <= 0`,
    ...falls,
    ...categories,
    ...pairs,
    'Bounds',
    ...(maxDiscount === undefined ? [] : [` z <= ${maxDiscount}`]),
    ...room.map((most, slot) => ` y${slot} <= ${most}`),
    'Binary',
    ` ${children.map((_, index) => `x${index}`).join(' ')}`,
    'End',
  ].join('\n');
}

/** Half-up on the price that remains, as the programme's default says. */
function fallOf(price: number, off: Child['off']): number {
  if ('amount' in off) return off.amount;
  return price - Math.floor((price * (100 - off.percent) + 50) / 100);
}

function goTogether(one: Child, two: Child, { nevers, excludes }: Crowd): boolean {
  if (one.isExclusive || two.isExclusive) return false;
  const both = [one.category, two.category].sort().join(' ');
  if (both.includes('always')) return true;
  if (both === 'never never') return nevers > 1;
  return !both.includes('never') && !(excludes && both === 'first second');
}

interface Crowded extends LawCase {
  readonly crowd: Crowd;
}

/** How many decisions were proven to be the best, and how many ran out of their budget. */
export const SOLVED = { exact: 0, withGap: 0 };

function isBest(one: LawCase): void {
  if (!('crowd' in one)) return;
  const { crowd: told } = one as Crowded; // made by `cases` below
  const solution = highs.solve(programOf(told), OPTIONS);
  assert.equal(solution.Status, 'Optimal');
  const best = Math.round(solution.ObjectiveValue);
  for (const { rules, input, decision } of scenesOf(one)) {
    const gap = explain(rules, input).levels[0]?.root.gap ?? 0;
    assert.notEqual(gap, 'unknown');
    const { discount } = decision.totals;
    assert.ok(discount <= best, `${discount} of at most ${best}`);
    assert.ok(discount + Number(gap) >= best, `${discount} and a gap of ${gap}, of ${best}`);
    if (gap === 0) SOLVED.exact += 1;
    else SOLVED.withGap += 1;
  }
}

export const MAXIMUM_IS_OPTIMAL: Law = {
  name: 'maximum benefit of 13 to 18 children is what an exact solver finds',
  cases: crowd.map((one) => ({ ruleSet: documentOf(one), texts: [textOf(one)], crowd: one })),
  holds: isBest,
  weight: 0.3,
};
